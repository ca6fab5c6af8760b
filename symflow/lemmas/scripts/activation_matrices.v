(* ReLU nets without biases as products of matrices, for every depth and all widths.

   Catalogue: A22 and A23 (sigma(z) = a z, hence f = W_L A_(L-1) W_(L-1) ... A_1 W_1 x), A21 (matrices A_i of zeros
   and ones exist at every x), A18 (degree 1 in x, and linear in x where the slopes are fixed), A19 and B3 corrected
   (degree L in the weights, L the number of weight matrices: one more than there are hidden layers), A27 (degree 1
   in each block). B3 as printed (degree = number of hidden layers) is refuted at the end.

   A net is the list of its hidden layers from the input on, and its last layer, which has no relu. A slope of relu
   at z is any a with a = 1 for z > 0 and a = 0 for z < 0; at z = 0 every a is allowed. *)

From Coq Require Import Reals Lra Lia Psatz List Arith.
From Symflow Require Import finite_sums.
Import ListNotations.
Open Scope R_scope.

Definition relu (z : R) : R := Rmax 0 z.
Definition is_slope (a z : R) : Prop := (0 < z -> a = 1) /\ (z < 0 -> a = 0).

Record layer := Layer { rows : nat; columns : nat; weight : matrix }.

Definition apply (l : layer) (x : vector) : vector := fun i => sum (columns l) (fun j => weight l i j * x j).

(* f = W_L relu(W_(L-1) relu(... relu(W_1 x))) *)
Fixpoint features (hidden : list layer) (x : vector) : vector :=
  match hidden with [] => x | l :: others => features others (fun i => relu (apply l x i)) end.

Definition net (hidden : list layer) (last : layer) (x : vector) : vector := apply last (features hidden x).

(* Each layer has as many columns as the layer before it has rows; the first one has n. *)
Fixpoint composable (n : nat) (hidden : list layer) (last : layer) : Prop :=
  match hidden with
  | [] => columns last = n
  | l :: others => columns l = n /\ composable (rows l) others last
  end.

(* Hidden layers with slopes, one for each of their units, and what it is for the slopes to be those of relu at x. *)
Fixpoint slopes_at (hidden : list (layer * vector)) (x : vector) : Prop :=
  match hidden with
  | [] => True
  | (l, a) :: others =>
      (forall i, (i < rows l)%nat -> is_slope (a i) (apply l x i)) /\ slopes_at others (fun i => relu (apply l x i))
  end.

(* W_L A_(L-1) W_(L-1) ... A_1 W_1 *)
Definition diagonal (a : vector) : matrix := fun i j => if i =? j then a i else 0.
Definition times (n : nat) (A B : matrix) : matrix := fun i j => sum n (fun k => A i k * B k j).

Fixpoint product (hidden : list (layer * vector)) (last : layer) : matrix :=
  match hidden with
  | [] => weight last
  | (l, a) :: others => times (rows l) (product others last) (times (rows l) (diagonal a) (weight l))
  end.

Lemma relu_is_slope_times a z : is_slope a z -> relu z = a * z.
Proof.
  intros [Hpos Hneg]. unfold relu, Rmax. destruct (Rle_dec 0 z) as [Hz | Hz].
  - destruct Hz as [Hz | <-]; [ rewrite (Hpos Hz); ring | ring ].
  - rewrite Hneg by lra. ring.
Qed.

Lemma apply_extensional l x y i : (forall j, (j < columns l)%nat -> x j = y j) -> apply l x i = apply l y i.
Proof. intros H. apply sum_extensional. intros j Hj. now rewrite H. Qed.

Lemma diagonal_times n a B i j : (i < n)%nat -> times n (diagonal a) B i j = a i * B i j.
Proof.
  unfold times, diagonal. induction n; intros Hi; [ lia | simpl ].
  destruct (Nat.eq_dec i n) as [-> | Hne].
  - rewrite Nat.eqb_refl, (sum_extensional n _ (fun _ => 0)), sum_zero; [ ring | ].
    intros k Hk. destruct (Nat.eqb_spec n k); [ lia | ring ].
  - destruct (Nat.eqb_spec i n); [ lia | ]. rewrite IHn by lia. ring.
Qed.

(* A23; A22 is the same theorem, [last] being a hidden layer and [hidden] the layers below it. *)
Theorem net_is_a_product_of_matrices hidden last n x i :
  composable n (map fst hidden) last -> slopes_at hidden x ->
  net (map fst hidden) last x i = sum n (fun j => product hidden last i j * x j).
Proof.
  revert n x. induction hidden as [ | [l a] others IH ]; intros n x Hshape Hslopes.
  - simpl in Hshape. subst n. reflexivity.
  - destruct Hshape as [Hl Hshape], Hslopes as [Ha Hslopes]. simpl in Hl.
    change (net (map fst ((l, a) :: others)) last x i)
      with (net (map fst others) last (fun i => relu (apply l x i)) i).
    rewrite (IH (rows l) _ Hshape Hslopes). simpl product.
    unfold times at 1.
    rewrite (sum_extensional (rows l) _ (fun k => sum n (fun j =>
      product others last i k * times (rows l) (diagonal a) (weight l) k j * x j))).
    + rewrite sum_exchange. apply sum_extensional. intros j _.
      rewrite Rmult_comm, <- sum_scale. apply sum_extensional. intros. ring.
    + intros k Hk. rewrite (relu_is_slope_times (a k)) by (apply Ha, Hk).
      unfold apply. rewrite Hl, <- !sum_scale. apply sum_extensional. intros j _.
      rewrite diagonal_times by exact Hk. ring.
Qed.

(* A21: there are always slopes that are 0 or 1. *)
Theorem zero_one_slopes_exist hidden x :
  exists slopes : list vector, length slopes = length hidden /\
    (forall a i, In a slopes -> a i = 0 \/ a i = 1) /\ slopes_at (combine hidden slopes) x.
Proof.
  revert x. induction hidden as [ | l others IH ]; intros x.
  - exists []. simpl. firstorder.
  - destruct (IH (fun i => relu (apply l x i))) as (slopes & Hlength & Hbits & Hat).
    exists ((fun i => if Rlt_dec 0 (apply l x i) then 1 else 0) :: slopes). simpl. repeat split; auto.
    + intros a i [<- | Ha]; [ destruct (Rlt_dec 0 (apply l x i)); auto | auto ].
    + destruct (Rlt_dec 0 (apply l x i)); [ auto | contradiction ].
    + destruct (Rlt_dec 0 (apply l x i)); lra.
Qed.

Definition scale (c : R) (l : layer) : layer := Layer (rows l) (columns l) (fun i j => c * weight l i j).

Fixpoint factors (scaled : list (R * layer)) : R :=
  match scaled with [] => 1 | (c, _) :: others => c * factors others end.

Definition scale_each (scaled : list (R * layer)) : list layer := map (fun s => scale (fst s) (snd s)) scaled.

Lemma relu_scale c z : 0 <= c -> relu (c * z) = c * relu z.
Proof.
  intros Hc. unfold relu, Rmax.
  destruct (Rle_dec 0 (c * z)), (Rle_dec 0 z); try ring; try nra.
Qed.

Lemma apply_scale c b l x i : apply (scale c l) (fun j => b * x j) i = c * b * apply l x i.
Proof. unfold apply. simpl. rewrite <- sum_scale. apply sum_extensional. intros. ring. Qed.

Lemma features_scale scaled b x i :
  (forall c l, In (c, l) scaled -> 0 <= c) -> 0 <= b ->
  features (scale_each scaled) (fun j => b * x j) i = factors scaled * b * features (map snd scaled) x i.
Proof.
  revert b x. induction scaled as [ | [c l] others IH ]; intros b x Hc Hb; simpl; [ ring | ].
  assert (0 <= c) by (apply (Hc c l); now left).
  replace (fun i => relu (apply (scale c l) (fun j => b * x j) i)) with (fun i => c * b * relu (apply l x i)).
  - rewrite IH; [ ring | intros; apply (Hc c0 l0); now right | nra ].
  - apply equal_vectors. intros k. rewrite apply_scale, relu_scale; [ reflexivity | nra ].
Qed.

(* Every layer and the input multiplied by a number of its own. *)
Theorem net_is_homogeneous_in_every_layer scaled c last b x i :
  (forall c l, In (c, l) scaled -> 0 <= c) -> 0 <= b ->
  net (scale_each scaled) (scale c last) (fun j => b * x j) i
    = c * factors scaled * b * net (map snd scaled) last x i.
Proof.
  intros Hc Hb. unfold net.
  replace (features (scale_each scaled) (fun j => b * x j))
    with (fun i => factors scaled * b * features (map snd scaled) x i)
    by (apply equal_vectors; intros; symmetry; apply features_scale; assumption).
  rewrite apply_scale. ring.
Qed.

(* A18: f(b x) = b f(x). *)
Theorem degree_one_in_the_input hidden last b x i :
  0 <= b -> net hidden last (fun j => b * x j) i = b * net hidden last x i.
Proof.
  intros Hb. unfold net.
  assert (H : forall x, features hidden (fun j => b * x j) = fun i => b * features hidden x i).
  { induction hidden as [ | l others IH ]; intros y; [ reflexivity | simpl ].
    rewrite <- IH. f_equal. apply equal_vectors. intros k. rewrite <- relu_scale by exact Hb.
    f_equal. unfold apply. rewrite <- sum_scale. apply sum_extensional. intros. ring. }
  rewrite H. unfold apply. rewrite <- sum_scale. apply sum_extensional. intros. ring.
Qed.

Lemma factors_constant c hidden : factors (map (fun l => (c, l)) hidden) = c ^ length hidden.
Proof. induction hidden; simpl; [ reflexivity | now rewrite IHhidden ]. Qed.

(* A19, B3 corrected: all weights multiplied by c multiply f by c to the number of weight matrices. *)
Theorem degree_in_the_weights hidden last c x i :
  0 <= c -> net (map (scale c) hidden) (scale c last) x i = c ^ (length hidden + 1) * net hidden last x i.
Proof.
  intros Hc.
  pose proof (net_is_homogeneous_in_every_layer (map (fun l => (c, l)) hidden) c last 1 x i) as H.
  unfold scale_each in H. rewrite !map_map in H. simpl in H. rewrite map_id, factors_constant in H.
  replace (fun j => 1 * x j) with x in H by (apply equal_vectors; intros; ring).
  rewrite pow_add, pow_1, (Rmult_comm (c ^ length hidden)).
  rewrite <- (Rmult_1_r (c * c ^ length hidden)). apply H; [ | lra ].
  intros c' l Hin. apply in_map_iff in Hin. destruct Hin as (l' & E & _). inversion E. subst. exact Hc.
Qed.

(* A27: one weight matrix multiplied by c multiplies f by c. *)
Theorem degree_one_in_a_hidden_layer before l after last c x i :
  0 <= c -> net (before ++ scale c l :: after) last x i = c * net (before ++ l :: after) last x i.
Proof.
  intros Hc. unfold net.
  assert (H : forall others y, features others (fun j => c * y j) = fun i => c * features others y i).
  { induction others as [ | k others IH ]; intros y; [ reflexivity | simpl ].
    rewrite <- IH. f_equal. apply equal_vectors. intros j. rewrite <- relu_scale by exact Hc.
    f_equal. unfold apply. rewrite <- sum_scale. apply sum_extensional. intros. ring. }
  assert (E : features (before ++ scale c l :: after) x = fun i => c * features (before ++ l :: after) x i).
  { revert x. induction before as [ | k others IH ]; intros x; simpl; [ | apply IH ].
    rewrite <- H. f_equal. apply equal_vectors. intros j. rewrite <- relu_scale by exact Hc.
    f_equal. unfold apply. simpl. rewrite <- sum_scale. apply sum_extensional. intros. ring. }
  rewrite E. unfold apply. rewrite <- sum_scale. apply sum_extensional. intros. ring.
Qed.

Theorem degree_one_in_the_last_layer hidden last c x i :
  net hidden (scale c last) x i = c * net hidden last x i.
Proof. unfold net, apply. simpl. rewrite <- sum_scale. apply sum_extensional. intros. ring. Qed.

(* B3 as printed: one hidden layer, degree 1. With all weights and the input 1, f(2 w) = 4 f(w). *)
Theorem degree_is_not_the_number_of_hidden_layers :
  exists hidden last x, length hidden = 1%nat /\
    net (map (scale 2) hidden) (scale 2 last) x 0%nat <> 2 ^ length hidden * net hidden last x 0%nat.
Proof.
  exists [Layer 1 1 (fun _ _ => 1)], (Layer 1 1 (fun _ _ => 1)), (fun _ => 1). split; [ reflexivity | ].
  assert (relu 1 = 1) as E1 by (unfold relu; rewrite Rmax_right; lra).
  assert (relu 2 = 2) as E2 by (unfold relu; rewrite Rmax_right; lra).
  unfold net, apply. simpl. unfold apply. simpl. rewrite !Rplus_0_l, !Rmult_1_r, E1, E2. lra.
Qed.

(* All of the above in one value, so that all axioms are printed once. *)
Definition theorems := (net_is_a_product_of_matrices, zero_one_slopes_exist, net_is_homogeneous_in_every_layer,
  degree_one_in_the_input, degree_in_the_weights, degree_one_in_a_hidden_layer, degree_one_in_the_last_layer,
  degree_is_not_the_number_of_hidden_layers).
Print Assumptions theorems.
