(* Where a function is strictly differentiable its Clarke differential is one point.

   Catalogue: B4 corrected (erratum E6): differentiability at w is not enough for the differential to be the gradient,
   strict differentiability is. Then every limit of gradients, and so every element of the hull, is the gradient.
   (That the differential of a ReLU risk can be larger at a point of differentiability is shown by an exact witness
   elsewhere; the converse, for locally Lipschitz functions, is not proved here.) *)

From Coq Require Import Reals Lra Lia Psatz.
From Symflow Require Import finite_sums clarke_differential.
Open Scope R_scope.

Definition strict_gradient_at (d : nat) (f : vector -> R) (w g : vector) : Prop :=
  forall eps, 0 < eps -> exists delta, 0 < delta /\ forall u h,
    norm d (fun i => u i - w i) < delta -> norm d h < delta ->
    Rabs (f (fun i => u i + h i) - f u - dot d g h) <= eps * norm d h.

Theorem strictly_differentiable_is_differentiable d f w g : strict_gradient_at d f w g -> gradient_at d f w g.
Proof.
  intros H eps Heps. destruct (H eps Heps) as (delta & Hdelta & Hf). exists delta. split; [ exact Hdelta | ].
  intros h Hh. apply Hf; [ | exact Hh ].
  unfold norm, dot. rewrite (sum_extensional d _ (fun _ => 0)), sum_zero, sqrt_0; [ exact Hdelta | intros; ring ].
Qed.

(* Near w all gradients are near g. *)
Lemma gradients_nearby d f w g u s eps delta :
  0 < eps -> 0 < delta ->
  (forall u h, norm d (fun i => u i - w i) < delta -> norm d h < delta ->
     Rabs (f (fun i => u i + h i) - f u - dot d g h) <= eps * norm d h) ->
  norm d (fun i => u i - w i) < delta -> gradient_at d f u s -> norm d (fun i => s i - g i) <= 2 * eps.
Proof.
  intros Heps Hdelta Hf Hu Hs. set (D := fun i => s i - g i).
  destruct (norm_nonnegative d D) as [Hp | <-]; [ | lra ].
  destruct (Hs eps Heps) as (rho & Hrho & Hclose).
  set (t := Rmin rho delta / (2 * norm d D)).
  assert (Hm : 0 < Rmin rho delta) by (apply Rmin_glb_lt; assumption).
  assert (Ht : 0 < t) by (apply Rdiv_lt_0_compat; lra).
  assert (Hth : norm d (fun i => t * D i) = Rmin rho delta / 2).
  { rewrite norm_scale, Rabs_pos_eq by lra. unfold t. field. lra. }
  pose proof (Rmin_l rho delta). pose proof (Rmin_r rho delta).
  pose proof (Hclose (fun i => t * D i) ltac:(lra)) as H1.
  pose proof (Hf u (fun i => t * D i) Hu ltac:(lra)) as H2.
  rewrite norm_scale, (Rabs_pos_eq t), dot_scale_right in H1, H2 by lra.
  assert (E : dot d D D = dot d s D - dot d g D).
  { unfold dot. rewrite <- sum_minus. apply sum_extensional. intros. unfold D. ring. }
  rewrite <- norm_square in E.
  assert (Hle : t * (norm d D * norm d D) <= t * (2 * eps * norm d D)).
  { rewrite E. unfold Rabs in H1, H2. repeat destruct Rcase_abs; lra. }
  apply (Rmult_le_reg_l t) in Hle; [ | exact Ht ]. apply (Rmult_le_reg_r (norm d D)); lra.
Qed.

Theorem strictly_differentiable_is_singleton d f w g :
  strict_gradient_at d f w g ->
  clarke d f w g /\ forall s, clarke d f w s -> forall i, (i < d)%nat -> s i = g i.
Proof.
  intros H. split; [ apply a_gradient_is_a_clarke_subgradient, strictly_differentiable_is_differentiable, H | ].
  assert (Hlimit : forall s, limit_of_gradients d f w s -> forall i, (i < d)%nat -> s i = g i).
  { intros s (points & gradients & Hg & Hp & Hs) i Hi.
    apply (UL_sequence (fun n => gradients n i)); [ apply Hs, Hi | ].
    intros e He. destruct (H (e / 3)) as (delta & Hdelta & Hf); [ lra | ].
    destruct (norm_of_difference_tends_to_zero d points w Hp delta Hdelta) as [N HN].
    exists N. intros n Hn. unfold R_dist.
    pose proof (gradients_nearby d f w g (points n) (gradients n) (e / 3) delta ltac:(lra) Hdelta Hf (HN n Hn) (Hg n)).
    pose proof (coordinate_at_most_norm d (fun i => gradients n i - g i) i Hi) as Hc. cbv beta in Hc. lra. }
  intros s (n & lambda & p & Hpos & Hone & HG & Hs) i Hi.
  rewrite (Hs i Hi), (sum_extensional n _ (fun j => g i * lambda j)).
  - rewrite sum_scale, Hone. ring.
  - intros j Hj. rewrite (Hlimit (p j) (HG j Hj) i Hi). ring.
Qed.

(* All of the above in one value, so that all axioms are printed once. *)
Definition theorems := (strictly_differentiable_is_differentiable, strictly_differentiable_is_singleton).
Print Assumptions theorems.
