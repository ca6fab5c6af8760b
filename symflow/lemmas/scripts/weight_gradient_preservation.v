(* The gradient of a ReLU net in one weight matrix, and weight-gradient preservation, for every depth and all widths.

   Catalogue: A24 (df/dW_i = (W_L A_(L-1) ... W_(i+1) A_i)^T (A_(i-1) ... W_1 x)^T, entry by entry, as real partial
   derivatives of the net itself, where no preactivation of layer i or of a layer above is 0) and A25
   (<W_i, df/dW_i> = f for each i, one output), also for the formula with any fixed slopes at kinks.

   The weight matrix W_i belongs to the layer [l], with slopes [a], that stands between [before] and [after]. Below
   layer i the slopes at kinks may be any numbers; the last matrix W_L is treated at the end. For the elements of
   the Clarke differential see nets_and_the_clarke_differential.v. *)

From Coq Require Import Reals Lra Lia Psatz List Arith.
From Symflow Require Import finite_sums activation_matrices.
Import ListNotations.
Open Scope R_scope.

(* A_k W_k ... A_1 W_1 x *)
Fixpoint linear_features (hidden : list (layer * vector)) (x : vector) : vector :=
  match hidden with [] => x | (l, a) :: others => linear_features others (fun i => a i * apply l x i) end.

Definition net_of_slopes (hidden : list (layer * vector)) (last : layer) (x : vector) : vector :=
  apply last (linear_features hidden x).

Definition with_weight (l : layer) (V : matrix) : layer := Layer (rows l) (columns l) V.

(* Entry (p, q) of the formula for the gradient of output o in the weight matrix of layer i. *)
Definition gradient_formula (before : list (layer * vector)) (a : vector) (after : list (layer * vector)) (last : layer)
    (x : vector) (o : nat) : matrix :=
  fun p q => product after last o p * a p * linear_features before x q.

Definition inner (l : layer) (V G : matrix) : R := sum (rows l) (fun p => sum (columns l) (fun q => V p q * G p q)).

(* The slopes are those of relu, and no preactivation is 0. *)
Fixpoint slopes_off_kinks (hidden : list (layer * vector)) (x : vector) : Prop :=
  match hidden with
  | [] => True
  | (l, a) :: others =>
      (forall i, (i < rows l)%nat -> apply l x i <> 0 /\ is_slope (a i) (apply l x i)) /\
      slopes_off_kinks others (fun i => relu (apply l x i))
  end.

Lemma net_of_slopes_is_a_product after last n y o :
  composable n (map fst after) last -> net_of_slopes after last y o = sum n (fun k => product after last o k * y k).
Proof.
  revert n y. induction after as [ | [l a] others IH ]; intros n y Hshape.
  - simpl in Hshape. subst n. reflexivity.
  - destruct Hshape as [Hl Hshape]. simpl in Hl.
    change (net_of_slopes ((l, a) :: others) last y o)
      with (net_of_slopes others last (fun i => a i * apply l y i) o).
    rewrite (IH (rows l) _ Hshape). simpl product. unfold times at 1.
    rewrite (sum_extensional (rows l) _ (fun k => sum n (fun j =>
      product others last o k * times (rows l) (diagonal a) (weight l) k j * y j))).
    + rewrite sum_exchange. apply sum_extensional. intros j _.
      rewrite Rmult_comm, <- sum_scale. apply sum_extensional. intros. ring.
    + intros k Hk. unfold apply. rewrite Hl, <- !sum_scale. apply sum_extensional. intros j _.
      rewrite diagonal_times by exact Hk. ring.
Qed.

Lemma linear_features_split before l a after x :
  linear_features (before ++ (l, a) :: after) x
    = linear_features after (fun i => a i * apply l (linear_features before x) i).
Proof. revert x. induction before as [ | [k b] others IH ]; intros x; simpl; [ reflexivity | apply IH ]. Qed.

Lemma features_split before l after x :
  features (before ++ l :: after) x = features after (fun i => relu (apply l (features before x) i)).
Proof. revert x. induction before as [ | k others IH ]; intros x; simpl; [ reflexivity | apply IH ]. Qed.

(* With fixed slopes the net is linear in each weight matrix, and the formula is its gradient. *)
Theorem linear_in_each_weight_matrix before l a after last V x o :
  composable (rows l) (map fst after) last ->
  net_of_slopes (before ++ (with_weight l V, a) :: after) last x o
    = inner l V (gradient_formula before a after last x o).
Proof.
  intros Hshape. unfold net_of_slopes. rewrite linear_features_split.
  change (apply last (linear_features after ?y) o) with (net_of_slopes after last y o).
  rewrite (net_of_slopes_is_a_product after last (rows l)) by exact Hshape.
  unfold inner, gradient_formula. apply sum_extensional. intros p _.
  unfold apply. simpl. rewrite <- !sum_scale. apply sum_extensional. intros. ring.
Qed.

(* A25 for the formula, whatever the slopes at kinks. *)
Theorem preservation_for_fixed_slopes before l a after last x o :
  composable (rows l) (map fst after) last ->
  inner l (weight l) (gradient_formula before a after last x o) = net_of_slopes (before ++ (l, a) :: after) last x o.
Proof.
  intros Hshape. rewrite <- linear_in_each_weight_matrix by exact Hshape. destruct l. reflexivity.
Qed.

Lemma composable_before before l after last n :
  composable n (before ++ l :: after) last -> composable n before l /\ composable (rows l) after last.
Proof.
  revert n. induction before as [ | k others IH ]; simpl; intros n H; [ tauto | ].
  destruct H as [Hk H]. split; [ split; [ exact Hk | apply (IH _ H) ] | apply (IH _ H) ].
Qed.

Lemma features_extensional hidden last n x y :
  composable n hidden last -> (forall j, (j < n)%nat -> x j = y j) ->
  forall j, (j < columns last)%nat -> features hidden x j = features hidden y j.
Proof.
  revert n x y. induction hidden as [ | l others IH ]; simpl; intros n x y Hshape Hxy j Hj.
  - apply Hxy. now rewrite <- Hshape.
  - destruct Hshape as [Hl Hshape]. apply (IH (rows l) _ _ Hshape); [ | exact Hj ].
    intros i _. f_equal. apply apply_extensional. rewrite Hl. exact Hxy.
Qed.

Lemma features_are_linear hidden last n x :
  composable n (map fst hidden) last -> slopes_at hidden x ->
  forall j, (j < columns last)%nat -> features (map fst hidden) x j = linear_features hidden x j.
Proof.
  intros Hshape Hslopes j Hj.
  assert (G : forall hidden n x y, composable n (map fst hidden) last -> slopes_at hidden x ->
    (forall j, (j < n)%nat -> x j = y j) ->
    forall j, (j < columns last)%nat -> features (map fst hidden) x j = linear_features hidden y j).
  { clear. induction hidden as [ | [l a] others IH ]; simpl; intros n x y Hshape Hslopes Hxy j Hj.
    - apply Hxy. now rewrite <- Hshape.
    - destruct Hshape as [Hl Hshape], Hslopes as [Ha Hslopes].
      apply (IH (rows l)); auto. intros i Hi.
      rewrite (relu_is_slope_times (a i)) by (apply Ha, Hi). f_equal. apply apply_extensional. now rewrite Hl. }
  now apply (G hidden n x x).
Qed.

Theorem preservation_at_every_point before l a after last n x o :
  composable n (map fst (before ++ (l, a) :: after)) last -> slopes_at (before ++ (l, a) :: after) x ->
  inner l (weight l) (gradient_formula before a after last x o)
    = net (map fst (before ++ (l, a) :: after)) last x o.
Proof.
  intros Hshape Hslopes. rewrite preservation_for_fixed_slopes.
  - unfold net_of_slopes, net. apply apply_extensional. intros j Hj. symmetry.
    now apply (features_are_linear _ last n).
  - rewrite map_app in Hshape. now apply composable_before in Hshape.
Qed.

Lemma slope_of_relu z a : z <> 0 -> is_slope a z -> derivable_pt_lim relu z a.
Proof.
  intros Hz [Hpos Hneg] e He.
  exists (mkposreal (Rabs z) (Rabs_pos_lt z Hz)). simpl. intros h Hh Hlt.
  apply Rabs_def2 in Hlt.
  replace ((relu (z + h) - relu z) / h - a) with 0; [ now rewrite Rabs_R0 | ].
  unfold relu. destruct (Rdichotomy z 0 Hz) as [Hn | Hp].
  - rewrite Rabs_left in Hlt by exact Hn. rewrite !Rmax_left by lra. rewrite Hneg by exact Hn. field. exact Hh.
  - rewrite Rabs_pos_eq in Hlt by lra. rewrite !Rmax_right by lra. rewrite Hpos by exact Hp. field. exact Hh.
Qed.

(* The chain rule through the layers above, at a point where they have no kink. *)
Lemma derivative_through_layers after last n (y : R -> vector) (dy : vector) o :
  composable n (map fst after) last -> slopes_off_kinks after (y 0) ->
  (forall j, (j < n)%nat -> derivable_pt_lim (fun t => y t j) 0 (dy j)) ->
  derivable_pt_lim (fun t => net (map fst after) last (y t) o) 0 (net_of_slopes after last dy o).
Proof.
  assert (A : forall l n (y : R -> vector) dy i, columns l = n ->
    (forall j, (j < n)%nat -> derivable_pt_lim (fun t => y t j) 0 (dy j)) ->
    derivable_pt_lim (fun t => apply l (y t) i) 0 (apply l dy i)).
  { intros l m z dz i <- Hz. unfold apply.
    apply (derivative_of_sum (columns l) (fun t j => weight l i j * z t j) 0 (fun j => weight l i j * dz j)).
    intros j Hj. apply (derivable_pt_lim_scal (fun t => z t j)). apply Hz, Hj. }
  revert n y dy. induction after as [ | [l a] others IH ]; intros n y dy Hshape Hslopes Hy.
  - now apply (A last n).
  - destruct Hshape as [Hl Hshape], Hslopes as [Ha Hslopes]. simpl in Hl.
    change (net_of_slopes ((l, a) :: others) last dy o)
      with (net_of_slopes others last (fun i => a i * apply l dy i) o).
    apply (IH (rows l) (fun t i => relu (apply l (y t) i))); [ exact Hshape | exact Hslopes | ].
    intros i Hi. destruct (Ha i Hi) as [Hne Hslope].
    apply (derivable_pt_lim_comp (fun t => apply l (y t) i) relu).
    + now apply (A l n).
    + now apply slope_of_relu.
Qed.

(* A24: the derivative of the net itself when W_i moves in the direction V. *)
Theorem gradient_in_one_weight_matrix before l a after last n V x o :
  composable n (map fst (before ++ (l, a) :: after)) last ->
  slopes_at before x -> slopes_off_kinks ((l, a) :: after) (features (map fst before) x) ->
  derivable_pt_lim
    (fun t => net (map fst before ++ with_weight l (fun p q => weight l p q + t * V p q) :: map fst after) last x o) 0
    (inner l V (gradient_formula before a after last x o)).
Proof.
  intros Hshape Hbefore [Ha Hafter].
  rewrite map_app in Hshape. apply composable_before in Hshape. simpl in Hshape. destruct Hshape as [Hlow Hhigh].
  rewrite <- linear_in_each_weight_matrix by exact Hhigh.
  unfold net_of_slopes. rewrite linear_features_split.
  change (apply last (linear_features after ?y) o) with (net_of_slopes after last y o).
  set (u := features (map fst before) x) in *.
  apply (derivative_extensional (fun t => net (map fst after) last
    (fun p => relu (apply (with_weight l (fun p q => weight l p q + t * V p q)) u p)) o)).
  { intros t. unfold net. now rewrite features_split. }
  assert (E : forall p, apply (with_weight l (fun p q => weight l p q + 0 * V p q)) u p = apply l u p).
  { intros p. unfold apply. simpl. apply sum_extensional. intros. ring. }
  apply (derivative_through_layers after last (rows l)
    (fun t p => relu (apply (with_weight l (fun p q => weight l p q + t * V p q)) u p))); [ exact Hhigh | | ].
  - replace (fun p => relu (apply (with_weight l (fun p q => weight l p q + 0 * V p q)) u p))
      with (fun p => relu (apply l u p)) by (apply equal_vectors; intros; now rewrite E).
    exact Hafter.
  - intros p Hp. destruct (Ha p Hp) as [Hne Hslope].
    apply (derivable_pt_lim_comp (fun t => apply (with_weight l (fun p q => weight l p q + t * V p q)) u p) relu).
    + unfold apply. simpl.
      apply (derivative_of_sum (columns l) (fun t j => (weight l p j + t * V p j) * u j)).
      intros j Hj. rewrite <- (features_are_linear before l n x Hlow Hbefore j Hj). fold u.
      apply (derivative_extensional (fun t => weight l p j * u j + V p j * u j * t)); [ intros; ring | ].
      pose proof (derivable_pt_lim_scal id (V p j * u j) 0 1 (derivable_pt_lim_id 0)) as P.
      apply (derivable_pt_lim_plus (fun _ => weight l p j * u j) _ 0 0) in P; [ | apply derivable_pt_lim_const ].
      replace (0 + V p j * u j * 1) with (V p j * u j) in P by ring. exact P.
    + rewrite E. now apply slope_of_relu.
Qed.

Definition unit_matrix (p q : nat) : matrix := fun i j => if andb (i =? p) (j =? q) then 1 else 0.

Lemma inner_with_unit l p q G : (p < rows l)%nat -> (q < columns l)%nat -> inner l (unit_matrix p q) G = G p q.
Proof.
  intros Hp Hq. unfold inner, unit_matrix.
  assert (S : forall n k c, (k < n)%nat -> sum n (fun i => (if i =? k then 1 else 0) * c i) = c k).
  { induction n; intros k c Hk; [ lia | simpl ]. destruct (Nat.eq_dec k n) as [-> | Hne].
    - rewrite Nat.eqb_refl, (sum_extensional n _ (fun _ => 0)), sum_zero; [ ring | ].
      intros i Hi. destruct (Nat.eqb_spec i n); [ lia | ring ].
    - destruct (Nat.eqb_spec n k); [ lia | ]. rewrite IHn by lia. ring. }
  rewrite (sum_extensional (rows l) _ (fun i => (if i =? p then 1 else 0) * G i q));
    [ now apply (S _ _ (fun i => G i q)) | ].
  intros i _. destruct (i =? p); simpl.
  - rewrite (S (columns l) q (fun j => G i j) Hq). ring.
  - rewrite (sum_extensional _ _ (fun _ => 0)), sum_zero; [ ring | intros; ring ].
Qed.

(* A24, one entry: the partial derivative of output o in the weight W_i[p, q]. *)
Theorem partial_derivative_in_one_weight before l a after last n x o p q :
  composable n (map fst (before ++ (l, a) :: after)) last ->
  slopes_at before x -> slopes_off_kinks ((l, a) :: after) (features (map fst before) x) ->
  (p < rows l)%nat -> (q < columns l)%nat ->
  derivable_pt_lim
    (fun t => net (map fst before ++
                     with_weight l (fun i j => weight l i j + t * unit_matrix p q i j) :: map fst after) last x o) 0
    (product after last o p * a p * features (map fst before) x q).
Proof.
  intros Hshape Hbefore Hoff Hp Hq.
  pose proof (gradient_in_one_weight_matrix before l a after last n (unit_matrix p q) x o Hshape Hbefore Hoff) as H.
  rewrite inner_with_unit in H by assumption. unfold gradient_formula in H.
  rewrite map_app in Hshape. apply composable_before in Hshape. simpl in Hshape. destruct Hshape as [Hlow _].
  rewrite (features_are_linear before l n x Hlow Hbefore q Hq). exact H.
Qed.

Lemma slopes_off_kinks_are_slopes before last x :
  slopes_at before x -> slopes_off_kinks last (features (map fst before) x) -> slopes_at (before ++ last) x.
Proof.
  revert x. induction before as [ | [l a] others IH ]; simpl; intros x Hb Hl.
  - clear Hb. revert x Hl. induction last as [ | [k b] more IHm ]; simpl; intros x Hl; [ exact I | ].
    destruct Hl as [Hk Hmore]. split; [ intros i Hi; apply Hk, Hi | apply IHm, Hmore ].
  - destruct Hb as [Ha Hb]. split; [ exact Ha | apply IH; assumption ].
Qed.

(* A25: whatever numbers are the partial derivatives of output o in the weights of layer i, they satisfy
   <W_i, df/dW_i> = f. *)
Theorem weight_gradient_preservation before l a after last n x o (G : matrix) :
  composable n (map fst (before ++ (l, a) :: after)) last ->
  slopes_at before x -> slopes_off_kinks ((l, a) :: after) (features (map fst before) x) ->
  (forall p q, (p < rows l)%nat -> (q < columns l)%nat ->
     derivable_pt_lim
       (fun t => net (map fst before ++
                        with_weight l (fun i j => weight l i j + t * unit_matrix p q i j) :: map fst after) last x o) 0
       (G p q)) ->
  inner l (weight l) G = net (map fst (before ++ (l, a) :: after)) last x o.
Proof.
  intros Hshape Hbefore Hoff HG.
  rewrite <- (preservation_at_every_point before l a after last n x o Hshape).
  - unfold inner. apply sum_extensional. intros p Hp. apply sum_extensional. intros q Hq. f_equal.
    rewrite <- (inner_with_unit l p q (gradient_formula before a after last x o)) by assumption.
    eapply uniqueness_limite; [ now apply HG | now apply (gradient_in_one_weight_matrix _ _ _ _ _ n) ].
  - now apply slopes_off_kinks_are_slopes.
Qed.

(* The last matrix: f is linear in it, and its gradient is (row o) A_(L-1) ... A_1 W_1 x. *)
Theorem preservation_in_the_last_matrix hidden last V x o :
  (o < rows last)%nat ->
  net hidden (with_weight last V) x o = inner last V (fun p q => if p =? o then features hidden x q else 0).
Proof.
  intros Ho. unfold net, inner, apply. simpl.
  rewrite (sum_extensional (rows last) _ (fun p =>
    if o =? p then sum (columns last) (fun j => V o j * features hidden x j) else 0)).
  - generalize (sum (columns last) (fun j => V o j * features hidden x j)) as c. intros c. revert Ho.
    generalize (rows last) as m. induction m; intros Ho; [ lia | simpl ].
    destruct (Nat.eqb_spec o m) as [<- | Hne].
    + rewrite (sum_extensional o _ (fun _ => 0)), sum_zero; [ ring | ].
      intros i Hi. destruct (Nat.eqb_spec o i); [ lia | reflexivity ].
    + rewrite <- IHm by lia. ring.
  - intros p _. rewrite Nat.eqb_sym. destruct (Nat.eqb_spec o p) as [<- | _]; [ reflexivity | ].
    rewrite (sum_extensional _ _ (fun _ => 0)), sum_zero; [ reflexivity | intros; ring ].
Qed.

(* All of the above in one value, so that all axioms are printed once. *)
Definition theorems := (linear_in_each_weight_matrix, preservation_for_fixed_slopes, preservation_at_every_point,
  gradient_in_one_weight_matrix, partial_derivative_in_one_weight, weight_gradient_preservation,
  preservation_in_the_last_matrix).
Print Assumptions theorems.
