(* ReLU nets without biases, as functions of all their weights: what every element of their Clarke differential does.

   Catalogue: A25 at kinks (block by block, for every joint s in the Clarke differential), A26 = B2 for nets (Lemma
   9.2, <s, w> = L f(w)), A27 corrected (E7), A19 with the weights as one vector.

   The weights are one vector theta of R^d: the matrices one after the other, each row by row. [hidden] lists the
   numbers of rows and columns of the hidden layers, [last] those of the last one; d is the number of all entries.
   For every depth, all widths, every datum x, every theta and every s in the Clarke differential of
   theta |-> f(x; theta) at theta: <s_b, theta_b> = f for each matrix b, and <s, theta> = (number of matrices) f. *)

From Coq Require Import Reals Lra Lia Psatz List Arith.
From Symflow Require Import finite_sums clarke_differential blocks_of_degree_one activation_matrices.
Import ListNotations.
Open Scope R_scope.

Definition shape := (nat * nat)%type.

(* The first matrix in theta; where there is none of its entries it reads 0. *)
Definition first_layer (s : shape) (theta : vector) : layer :=
  Layer (fst s) (snd s)
    (fun p q => if andb (p <? fst s) (q <? snd s) then theta (p * snd s + q)%nat else 0).

Definition entries (s : shape) : nat := (fst s * snd s)%nat.
Definition later (s : shape) (theta : vector) : vector := fun i => theta (entries s + i)%nat.

Fixpoint hidden_layers (hidden : list shape) (theta : vector) : list layer :=
  match hidden with [] => [] | s :: others => first_layer s theta :: hidden_layers others (later s theta) end.

Fixpoint last_layer (hidden : list shape) (last : shape) (theta : vector) : layer :=
  match hidden with [] => first_layer last theta | s :: others => last_layer others last (later s theta) end.

Definition net_of_weights (hidden : list shape) (last : shape) (x : vector) (o : nat) (theta : vector) : R :=
  net (hidden_layers hidden theta) (last_layer hidden last theta) x o.

Fixpoint dimension (hidden : list shape) (last : shape) : nat :=
  match hidden with [] => entries last | s :: others => (entries s + dimension others last)%nat end.

(* The number of the matrix to which a coordinate belongs, from 0. *)
Fixpoint matrix_of (hidden : list shape) (i : nat) : nat :=
  match hidden with [] => 0 | s :: others => if i <? entries s then 0 else S (matrix_of others (i - entries s)) end.

Lemma net_of_weights_step s others last x o theta :
  net_of_weights (s :: others) last x o theta
    = net_of_weights others last (fun i => relu (apply (first_layer s theta) x i)) o (later s theta).
Proof. reflexivity. Qed.

Lemma entry_in_range s p q : (p < fst s)%nat -> (q < snd s)%nat -> (p * snd s + q < entries s)%nat.
Proof. intros Hp Hq. unfold entries. nia. Qed.

Lemma equal_layers s theta theta' :
  (forall i, (i < entries s)%nat -> theta i = theta' i) -> first_layer s theta = first_layer s theta'.
Proof.
  intros H. unfold first_layer. f_equal.
  apply (FunctionalExtensionality.functional_extensionality (A := nat) (B := vector)). intros p.
  apply equal_vectors. intros q.
  destruct (Nat.ltb_spec p (fst s)), (Nat.ltb_spec q (snd s)); simpl; try reflexivity.
  apply H, entry_in_range; assumption.
Qed.

Lemma net_of_weights_of_scaled_input hidden last x o theta a :
  0 <= a -> net_of_weights hidden last (fun j => a * x j) o theta = a * net_of_weights hidden last x o theta.
Proof. intros Ha. apply degree_one_in_the_input, Ha. Qed.

Lemma scaled_first_layer s theta theta' a x i :
  (forall i, (i < entries s)%nat -> theta' i = a * theta i) ->
  apply (first_layer s theta') x i = a * apply (first_layer s theta) x i.
Proof.
  intros H. unfold apply. simpl. rewrite <- sum_scale. apply sum_extensional. intros q Hq.
  destruct (Nat.ltb_spec i (fst s)), (Nat.ltb_spec q (snd s)); simpl; try ring.
  rewrite H by (apply entry_in_range; assumption). ring.
Qed.

(* A27: one matrix multiplied by a > 0 multiplies f by a. *)
Theorem net_is_homogeneous_in_each_matrix hidden last x o b :
  (b <= length hidden)%nat -> homogeneous_in_block (matrix_of hidden) b 1 (net_of_weights hidden last x o).
Proof.
  intros Hb a theta Ha. rewrite Rpower_1 by exact Ha. revert b Hb x theta.
  induction hidden as [ | s others IH ]; simpl length; intros b Hb x theta.
  - assert (b = 0%nat) as -> by lia. unfold net_of_weights, net. simpl.
    apply scaled_first_layer. intros i _. reflexivity.
  - rewrite !net_of_weights_step. destruct b as [ | b ].
    + replace (later s (scale_block (matrix_of (s :: others)) 0 a theta)) with (later s theta).
      * rewrite <- net_of_weights_of_scaled_input by lra. f_equal. apply equal_vectors. intros i.
        rewrite <- relu_scale by lra. f_equal. apply scaled_first_layer.
        intros j Hj. unfold scale_block. simpl. destruct (Nat.ltb_spec j (entries s)); [ reflexivity | lia ].
      * apply equal_vectors. intros i. unfold later, scale_block. simpl.
        destruct (Nat.ltb_spec (entries s + i) (entries s)); [ lia | reflexivity ].
    + replace (later s (scale_block (matrix_of (s :: others)) (S b) a theta))
        with (scale_block (matrix_of others) b a (later s theta)).
      * rewrite (equal_layers s (scale_block (matrix_of (s :: others)) (S b) a theta) theta); [ apply IH; lia | ].
        intros j Hj. unfold scale_block. simpl. destruct (Nat.ltb_spec j (entries s)); [ reflexivity | lia ].
      * apply equal_vectors. intros i. unfold later, scale_block. simpl.
        destruct (Nat.ltb_spec (entries s + i) (entries s)); [ lia | ].
        replace (entries s + i - entries s)%nat with i by lia. reflexivity.
Qed.

Lemma relu_is_continuous x l : Un_cv x l -> Un_cv (fun n => relu (x n)) (relu l).
Proof.
  intros H e He. destruct (H e He) as [N HN]. exists N. intros n Hn. specialize (HN n Hn).
  unfold R_dist in *. apply Rle_lt_trans with (Rabs (x n - l)); [ | exact HN ].
  unfold relu, Rmax. destruct (Rle_dec 0 (x n)), (Rle_dec 0 l); unfold Rabs; repeat destruct Rcase_abs; lra.
Qed.

Lemma net_is_continuous_jointly hidden last o thetas theta xs x :
  converges (dimension hidden last) thetas theta -> (forall j, Un_cv (fun n => xs n j) (x j)) ->
  Un_cv (fun n => net_of_weights hidden last (xs n) o (thetas n)) (net_of_weights hidden last x o theta).
Proof.
  assert (A : forall s thetas theta xs x i,
    converges (entries s) thetas theta -> (forall j, Un_cv (fun n => xs n j) (x j)) ->
    Un_cv (fun n => apply (first_layer s (thetas n)) (xs n) i) (apply (first_layer s theta) x i)).
  { clear. intros s thetas theta xs x i Ht Hx. unfold apply. simpl.
    apply (limit_of_sum (snd s) (fun n q =>
      (if andb (i <? fst s) (q <? snd s) then thetas n (i * snd s + q)%nat else 0) * xs n q)).
    intros q Hq. apply (CV_mult (fun n => if andb (i <? fst s) (q <? snd s) then thetas n (i * snd s + q)%nat else 0)
      (fun n => xs n q)); [ | apply Hx ].
    destruct (Nat.ltb_spec i (fst s)), (Nat.ltb_spec q (snd s)); simpl; try apply limit_of_constant.
    apply Ht, entry_in_range; assumption. }
  revert thetas theta xs x. induction hidden as [ | s others IH ]; intros thetas theta xs x Ht Hx.
  - now apply (A last).
  - apply (IH (fun n => later s (thetas n)) (later s theta)
      (fun n i => relu (apply (first_layer s (thetas n)) (xs n) i))).
    + intros i Hi. unfold later. apply Ht. simpl. lia.
    + intros j. apply relu_is_continuous, A; [ | exact Hx ].
      intros i Hi. apply Ht. simpl. lia.
Qed.

Theorem net_is_continuous_in_its_weights hidden last x o theta :
  continuous_at (dimension hidden last) (net_of_weights hidden last x o) theta.
Proof.
  intros thetas Ht. apply (net_is_continuous_jointly hidden last o thetas theta (fun _ => x)); [ exact Ht | ].
  intros j. apply limit_of_constant.
Qed.

Lemma matrix_of_is_bounded hidden i : (matrix_of hidden i < length hidden + 1)%nat.
Proof.
  revert i. induction hidden as [ | s others IH ]; intros i; simpl; [ lia | ].
  destruct (i <? entries s); [ lia | ]. specialize (IH (i - entries s)%nat). lia.
Qed.

(* A25 and A26 for nets, at every point, smooth or not. *)
Theorem lemma_2_for_nets hidden last x o theta s :
  let d := dimension hidden last in
  let f := net_of_weights hidden last x o in
  clarke d f theta s ->
  (forall b, (b < length hidden + 1)%nat -> dot d s (restrict (matrix_of hidden) b theta) = f theta) /\
  dot d s theta = INR (length hidden + 1) * f theta.
Proof.
  intros d f Hs.
  destruct (blocks_of_degree_one (matrix_of hidden) d (length hidden + 1) f theta) with (s := s) as [Hb Hsum].
  - intros i _. apply matrix_of_is_bounded.
  - intros b Hb. apply net_is_homogeneous_in_each_matrix. lia.
  - apply net_is_continuous_in_its_weights.
  - exact Hs.
  - split; [ | exact Hsum ]. intros b Hlt. rewrite (Hb b Hlt). ring.
Qed.

(* All of the above in one value, so that all axioms are printed once. *)
Definition theorems := (net_is_homogeneous_in_each_matrix, net_is_continuous_in_its_weights, lemma_2_for_nets).
Print Assumptions theorems.
