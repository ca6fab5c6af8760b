(* Balancing: two groups of weights that can be rescaled against each other keep the difference of their squares.

   Catalogue: A31 (Lemma 9.3, for any two matrices of a net, and per hidden neuron), A33 with its sign corrected (E11:
   d/dt |W_b|^2 = - 2 sum_k l_k'(f_k) f_k, the same for every matrix b), A34 and E15 (one step of gradient descent
   changes the difference by exactly eta^2 (|G_i|^2 - |G_j|^2)).

   Let R not change when the weights in P are multiplied by a > 0 and those in Q divided by a. Then <v, w_P> =
   <v, w_Q> for *every* v in the Clarke differential of R at w, whatever R is otherwise: no loss, no sum rule, no chain
   rule, no minimal norm is needed. Hence |w_P|^2 - |w_Q|^2 is constant along every continuous curve with -w' in the
   Clarke differential except at finitely many times (absolutely continuous curves with more corners are not
   covered), and so along every other field with <v, w_P> = <v, w_Q>, as that of backpropagation with fixed slopes.
   The formula of A33 asks for losses l_k with a continuous derivative. *)

From Coq Require Import Reals Lra Lia Psatz List Arith.
From Symflow Require Import finite_sums clarke_differential euler_along_the_ray blocks_of_degree_one.
From Symflow Require Import activation_matrices piecewise_differentiable nets_and_the_clarke_differential.
Import ListNotations.
Open Scope R_scope.

Definition group := nat -> bool.
Definition part (P : group) (w : vector) : vector := fun i => if P i then w i else 0.
Definition square (d : nat) (P : group) (w : vector) : R := dot d (part P w) (part P w).

Definition disjoint (P Q : group) : Prop := forall i, P i = true -> Q i = false.

Definition rescale (P Q : group) (a : R) (w : vector) : vector :=
  fun i => if P i then a * w i else if Q i then w i / a else w i.

Definition invariant (P Q : group) (f : vector -> R) : Prop := forall a w, 0 < a -> f (rescale P Q a w) = f w.

Lemma part_is_continuous d P i w : (i < d)%nat -> continuous_at d (fun u => part P u i) w.
Proof. intros Hi x Hx. unfold part. destruct (P i); [ apply Hx, Hi | apply limit_of_constant ]. Qed.

(* To first order in t, w_P (1 + t) and w_Q (1 - t) is a rescaling by 1 + t: what is left is of order t^2. *)
Lemma balanced_gradient d P Q f u g :
  disjoint P Q -> invariant P Q f -> gradient_at d f u g -> dot d g (fun i => part P u i - part Q u i) = 0.
Proof.
  intros HPQ Hf Hg.
  eapply uniqueness_limite; [ apply slope_along_a_line, Hg | ].
  pose proof (slope_along_a_line d f u g (fun i => - part Q u i) Hg) as HQ.
  apply (derivative_local (fun t => f (fun i => u i + t * t * - part Q u i)) _ 0 _ 1); [ lra | | ].
  - intros t Ht. rewrite Rminus_0_r in Ht. apply Rabs_def2 in Ht.
    rewrite <- (Hf (/ (1 + t)) (fun i => u i + t * (part P u i - part Q u i))) by (apply Rinv_0_lt_compat; lra).
    f_equal. apply equal_vectors. intros i. unfold rescale, part.
    pose proof (HPQ i) as Hi. destruct (P i), (Q i); try (discriminate (Hi eq_refl)); field; lra.
  - pose proof (derivable_pt_lim_mult id id 0 1 1 (derivable_pt_lim_id 0) (derivable_pt_lim_id 0)) as Hsq.
    unfold mult_fct, id in Hsq.
    assert (E : 0 = 0 * 0) by ring. rewrite E in HQ.
    pose proof (derivable_pt_lim_comp (fun t => t * t)
      (fun s => f (fun i => u i + s * - part Q u i)) 0 _ _ Hsq HQ) as H.
    replace (dot d g (fun i => - part Q u i) * (1 * 0 + 0 * 1)) with 0 in H by ring. exact H.
Qed.

Theorem every_clarke_subgradient_is_balanced d P Q f w :
  disjoint P Q -> invariant P Q f -> forall v, clarke d f w v -> dot d v (part P w) = dot d v (part Q w).
Proof.
  intros HPQ Hf v Hv.
  assert (E : dot d v (fun i => part P w i - part Q w i) = 0).
  { revert v Hv. apply identity_passes_to_hulls.
    apply (identity_passes_to_limits d f (fun u i => part P u i - part Q u i) (fun _ => 0)).
    - intros u s Hs. now apply (balanced_gradient d P Q f).
    - intros i Hi x Hx.
      apply (CV_minus (fun n => part P (x n) i) (fun n => part Q (x n) i)); now apply (part_is_continuous d).
    - intros x _. apply limit_of_constant. }
  unfold dot in *.
  rewrite (sum_extensional d _ (fun i => v i * part P w i - v i * part Q w i)) in E by (intros; ring).
  rewrite sum_minus in E. lra.
Qed.

Lemma derivative_of_a_square d P (w : R -> vector) t v :
  (forall i, (i < d)%nat -> derivable_pt_lim (fun s => w s i) t (- v i)) ->
  derivable_pt_lim (fun s => square d P (w s)) t (- 2 * dot d v (part P (w t))).
Proof.
  intros H. unfold square.
  replace (- 2 * dot d v (part P (w t))) with (2 * dot d (part P (w t)) (fun i => - part P v i)).
  - apply (derivative_of_squared_norm d (fun s => part P (w s))). intros i Hi. unfold part.
    destruct (P i); [ apply H, Hi | rewrite Ropp_0; apply derivable_pt_lim_const ].
  - unfold dot. rewrite <- !sum_scale. apply sum_extensional. intros i _. unfold part. destruct (P i); ring.
Qed.

Lemma square_is_continuous d P a b (w : R -> vector) :
  (forall i, (i < d)%nat -> continuous_on a b (fun t => w t i)) -> continuous_on a b (fun t => square d P (w t)).
Proof.
  intros H. apply squared_norm_is_continuous. intros i Hi. unfold part.
  destruct (P i); [ apply H, Hi | apply continuous_on_constant ].
Qed.

(* w is continuous on [a, b], and w' = - v except at the corners. *)
Definition descends (d : nat) (corners : list R) (a b : R) (w v : R -> vector) : Prop :=
  (forall i, (i < d)%nat -> continuous_on a b (fun t => w t i)) /\
  forall t, a < t < b -> ~ In t corners -> forall i, (i < d)%nat -> derivable_pt_lim (fun s => w s i) t (- v t i).

Theorem balancing_for_a_balanced_field d P Q corners a b w v :
  a <= b -> descends d corners a b w v ->
  (forall t, a < t < b -> ~ In t corners -> dot d (v t) (part P (w t)) = dot d (v t) (part Q (w t))) ->
  square d P (w b) - square d P (w a) = square d Q (w b) - square d Q (w a).
Proof.
  intros Hab [Hcont Hder] Hv.
  assert (E : square d P (w b) + -1 * square d Q (w b) = square d P (w a) + -1 * square d Q (w a)); [ | lra ].
  apply (is_constant corners a b (fun t => square d P (w t) + -1 * square d Q (w t))
    (fun t => - 2 * dot d (v t) (part P (w t)) + -1 * (- 2 * dot d (v t) (part Q (w t))))); [ exact Hab | | | ].
  - apply continuous_on_plus; [ | apply continuous_on_scale ]; apply square_is_continuous, Hcont.
  - intros t Ht Hin. apply (derivable_pt_lim_plus (fun s => square d P (w s)) (fun s => -1 * square d Q (w s))).
    + apply derivative_of_a_square, Hder; assumption.
    + apply (derivable_pt_lim_scal (fun s => square d Q (w s))), derivative_of_a_square, Hder; assumption.
  - intros t Ht Hin. rewrite (Hv t Ht Hin). ring.
Qed.

Theorem balancing_for_every_clarke_flow d P Q f corners a b w v :
  a <= b -> disjoint P Q -> invariant P Q f -> descends d corners a b w v ->
  (forall t, a < t < b -> ~ In t corners -> clarke d f (w t) (v t)) ->
  square d P (w b) - square d P (w a) = square d Q (w b) - square d Q (w a).
Proof.
  intros Hab HPQ Hf Hw Hv. apply (balancing_for_a_balanced_field d P Q corners a b w v Hab Hw).
  intros t Ht Hin. apply (every_clarke_subgradient_is_balanced d P Q f); auto.
Qed.

(* A risk: any function at all of the outputs o of a net without biases at the data x k. *)
Definition risk (hidden : list shape) (last : shape) (x : nat -> vector) (of_outputs : matrix -> R)
    (theta : vector) : R :=
  of_outputs (fun k o => net_of_weights hidden last (x k) o theta).

Definition matrix_group (hidden : list shape) (b : nat) : group := fun i => matrix_of hidden i =? b.

Theorem two_matrices_can_be_rescaled hidden last x of_outputs b c :
  (b <= length hidden)%nat -> (c <= length hidden)%nat -> b <> c ->
  disjoint (matrix_group hidden b) (matrix_group hidden c) /\
  invariant (matrix_group hidden b) (matrix_group hidden c) (risk hidden last x of_outputs).
Proof.
  intros Hb Hc Hbc. unfold matrix_group. split.
  - intros i Hi. apply Nat.eqb_eq in Hi. apply Nat.eqb_neq. lia.
  - intros a theta Ha. unfold risk. f_equal.
    apply (FunctionalExtensionality.functional_extensionality (A := nat) (B := vector)). intros k.
    apply equal_vectors. intros o.
    replace (rescale (fun i => matrix_of hidden i =? b) (fun i => matrix_of hidden i =? c) a theta)
      with (scale_block (matrix_of hidden) b a (scale_block (matrix_of hidden) c (/ a) theta)).
    + rewrite (net_is_homogeneous_in_each_matrix hidden last (x k) o b Hb a) by exact Ha.
      rewrite (net_is_homogeneous_in_each_matrix hidden last (x k) o c Hc (/ a)) by (apply Rinv_0_lt_compat, Ha).
      rewrite !Rpower_1 by (try apply Rinv_0_lt_compat; exact Ha). field. lra.
    + apply equal_vectors. intros i. unfold scale_block, rescale.
      destruct (Nat.eqb_spec (matrix_of hidden i) b), (Nat.eqb_spec (matrix_of hidden i) c); try lia; field; lra.
Qed.

(* A31, Lemma 9.3. *)
Theorem lemma_9_3 hidden last x of_outputs b c corners t0 t1 w v :
  let d := dimension hidden last in
  (b <= length hidden)%nat -> (c <= length hidden)%nat -> b <> c -> t0 <= t1 ->
  descends d corners t0 t1 w v ->
  (forall t, t0 < t < t1 -> ~ In t corners -> clarke d (risk hidden last x of_outputs) (w t) (v t)) ->
  square d (matrix_group hidden b) (w t1) - square d (matrix_group hidden b) (w t0)
    = square d (matrix_group hidden c) (w t1) - square d (matrix_group hidden c) (w t0).
Proof.
  intros d Hb Hc Hbc Ht Hw Hv.
  destruct (two_matrices_can_be_rescaled hidden last x of_outputs b c Hb Hc Hbc) as [Hdisjoint Hinvariant].
  exact (balancing_for_every_clarke_flow d _ _ _ corners t0 t1 w v Ht Hdisjoint Hinvariant Hw Hv).
Qed.

(* A33, corrected: R = sum_k l_k(f_k), with f_k of degree one in block b. *)
Theorem slope_of_a_block d block b n (l dl : nat -> R -> R) (f : nat -> vector -> R) w :
  (forall k, (k < n)%nat -> homogeneous_in_block block b 1 (f k)) ->
  (forall k, (k < n)%nat -> continuous_at d (f k) w) ->
  (forall k z, (k < n)%nat -> derivable_pt_lim (l k) z (dl k z) /\ continuity_pt (dl k) z) ->
  forall v, clarke d (fun u => sum n (fun k => l k (f k u))) w v ->
  dot d v (restrict block b w) = sum n (fun k => dl k (f k w) * f k w).
Proof.
  intros Hf Hcont Hl.
  apply (every_clarke_subgradient_has_the_slope d (fun u => sum n (fun k => l k (f k u))) (restrict block b)
    (fun u => sum n (fun k => dl k (f k u) * f k u)) w).
  - intros u. apply (derivative_of_sum n (fun t k => l k (f k (fun i => u i + t * restrict block b u i)))).
    intros k Hk. replace (dl k (f k u) * f k u) with (dl k (f k u) * (1 * f k u)) by ring.
    apply (derivable_pt_lim_comp (fun t => f k (fun i => u i + t * restrict block b u i)) (l k)).
    + apply slope_in_a_block, Hf, Hk.
    + replace (fun i => u i + 0 * restrict block b u i) with u by (apply equal_vectors; intros; ring).
      now apply Hl.
  - intros i Hi. apply restriction_is_continuous, Hi.
  - intros y Hy. apply (limit_of_sum n (fun j k => dl k (f k (y j)) * f k (y j))). intros k Hk.
    apply (CV_mult (fun j => dl k (f k (y j))) (fun j => f k (y j))); [ | now apply Hcont ].
    apply (continuity_seq (dl k) (fun j => f k (y j))); [ now apply Hl | now apply Hcont ].
Qed.

Theorem speed_of_the_square_of_a_matrix hidden last o n (x : nat -> vector) (l dl : nat -> R -> R) w v t b :
  let d := dimension hidden last in
  let f := fun k theta => net_of_weights hidden last (x k) o theta in
  (b <= length hidden)%nat ->
  (forall k z, (k < n)%nat -> derivable_pt_lim (l k) z (dl k z) /\ continuity_pt (dl k) z) ->
  clarke d (fun theta => sum n (fun k => l k (f k theta))) (w t) v ->
  (forall i, (i < d)%nat -> derivable_pt_lim (fun s => w s i) t (- v i)) ->
  derivable_pt_lim (fun s => square d (matrix_group hidden b) (w s)) t
    (- 2 * sum n (fun k => dl k (f k (w t)) * f k (w t))).
Proof.
  intros d f Hb Hl Hv Hw.
  rewrite <- (slope_of_a_block d (matrix_of hidden) b n l dl f (w t)) with (v := v).
  - apply derivative_of_a_square, Hw.
  - intros k _. apply net_is_homogeneous_in_each_matrix, Hb.
  - intros k _. apply net_is_continuous_in_its_weights.
  - exact Hl.
  - exact Hv.
Qed.

(* A34, E15: one step of gradient descent. *)
Theorem a_step_of_gradient_descent m n V G W H eta :
  dot m V G = dot n W H ->
  dot m (fun i => V i + - eta * G i) (fun i => V i + - eta * G i)
    - dot n (fun i => W i + - eta * H i) (fun i => W i + - eta * H i)
  = dot m V V - dot n W W + eta * eta * (dot m G G - dot n H H).
Proof. intros E. rewrite !square_expansion, E. ring. Qed.

(* All of the above in one value, so that all axioms are printed once. *)
Definition theorems := (every_clarke_subgradient_is_balanced, balancing_for_a_balanced_field,
  balancing_for_every_clarke_flow, two_matrices_can_be_rescaled, lemma_9_3, slope_of_a_block,
  speed_of_the_square_of_a_matrix, a_step_of_gradient_descent).
Print Assumptions theorems.
