(* The subdifferential of convex analysis, and how it relates to gradients.

   Catalogue: A3 (the definition), A5 (where a convex function has a gradient, that is its only subgradient), A6 (a
   function that is not convex can have none: - |w| at 0), A13 (0 is a subgradient exactly at a global minimum). That a
   convex function has a subgradient everywhere (A4) is not proved here. *)

From Coq Require Import Reals Lra Lia Psatz.
From Symflow Require Import finite_sums clarke_differential.
Open Scope R_scope.

Definition subgradient (d : nat) (f : vector -> R) (w s : vector) : Prop :=
  forall u, f w + dot d s (fun i => u i - w i) <= f u.

Definition convex (f : vector -> R) : Prop :=
  forall u w t, 0 <= t <= 1 -> f (fun i => w i + t * (u i - w i)) <= f w + t * (f u - f w).

(* Where there is a gradient there is no other subgradient, convex or not. *)
Theorem only_the_gradient_is_a_subgradient d f w g s :
  gradient_at d f w g -> subgradient d f w s -> forall i, (i < d)%nat -> s i = g i.
Proof.
  intros Hg Hs.
  set (D := fun i => s i - g i).
  pose proof (slope_along_a_line d f w g D Hg) as Hslope.
  assert (Hle : dot d s D <= dot d g D).
  { apply Rnot_lt_le. intros Hlt.
    destruct (Hslope (dot d s D - dot d g D)) as [del Hd]; [ lra | ]. pose proof (cond_pos del) as Hp.
    specialize (Hd (del / 2)). rewrite Rabs_pos_eq in Hd by lra. specialize (Hd ltac:(lra) ltac:(lra)).
    pose proof (Hs (fun i => w i + del / 2 * D i)) as Hsub. cbv beta in Hsub.
    replace (fun i => w i + del / 2 * D i - w i) with (fun i => del / 2 * D i) in Hsub
      by (apply equal_vectors; intros; ring).
    rewrite dot_scale_right in Hsub.
    replace (fun i => w i + (0 + del / 2) * D i) with (fun i => w i + del / 2 * D i) in Hd
      by (apply equal_vectors; intros; ring).
    replace (fun i => w i + 0 * D i) with w in Hd by (apply equal_vectors; intros; ring).
    apply Rabs_def2 in Hd. destruct Hd as [Hd _].
    assert (E : (f (fun i => w i + del / 2 * D i) - f w) / (del / 2) < dot d s D) by lra.
    apply (Rmult_lt_compat_r (del / 2)) in E; [ | lra ].
    unfold Rdiv in E at 1. rewrite Rmult_assoc, Rinv_l, Rmult_1_r in E by lra. lra. }
  assert (E : dot d D D = dot d s D - dot d g D).
  { unfold dot. rewrite <- sum_minus. apply sum_extensional. intros. unfold D. ring. }
  assert (Z : dot d D D = 0) by (pose proof (dot_square_nonnegative d D); lra).
  intros i Hi. pose proof (dot_square_zero d D Z i Hi) as H. unfold D in H. lra.
Qed.

(* A5. *)
Theorem gradient_of_a_convex_function d f w g :
  convex f -> gradient_at d f w g ->
  subgradient d f w g /\ forall s, subgradient d f w s -> forall i, (i < d)%nat -> s i = g i.
Proof.
  intros Hf Hg. split; [ | intros s Hs; now apply (only_the_gradient_is_a_subgradient d f w) ].
  intros u. set (D := fun i => u i - w i).
  pose proof (slope_along_a_line d f w g D Hg) as Hslope.
  apply Rnot_lt_le. intros Hlt.
  destruct (Hslope (f w + dot d g D - f u)) as [del Hd]; [ lra | ]. pose proof (cond_pos del) as Hp.
  set (t := Rmin del 1 / 2).
  assert (Ht : 0 < t < del /\ t <= 1).
  { assert (0 < Rmin del 1) by (apply Rmin_glb_lt; lra).
    pose proof (Rmin_l del 1). pose proof (Rmin_r del 1). unfold t. lra. }
  specialize (Hd t). rewrite Rabs_pos_eq in Hd by lra. specialize (Hd ltac:(lra) ltac:(lra)).
  pose proof (Hf u w t ltac:(lra)) as Hc.
  replace (fun i => w i + (0 + t) * D i) with (fun i => w i + t * (u i - w i)) in Hd
    by (apply equal_vectors; intros; unfold D; ring).
  replace (fun i => w i + 0 * D i) with w in Hd by (apply equal_vectors; intros; ring).
  apply Rabs_def2 in Hd. destruct Hd as [_ Hd].
  assert (E : f u - f w < (f (fun i => w i + t * (u i - w i)) - f w) / t) by lra.
  apply (Rmult_lt_compat_r t) in E; [ | lra ].
  unfold Rdiv in E. rewrite Rmult_assoc, Rinv_l, Rmult_1_r in E by lra. lra.
Qed.

(* 0 is a subgradient exactly at the global minima. *)
Theorem zero_is_a_subgradient_at_the_minima d f w :
  subgradient d f w (fun _ => 0) <-> forall u, f w <= f u.
Proof.
  unfold subgradient, dot. split; intros H u; specialize (H u);
    rewrite (sum_extensional d _ (fun _ => 0)), sum_zero in * by (intros; ring); lra.
Qed.

(* A6. *)
Theorem minus_the_absolute_value_has_no_subgradient :
  ~ exists s, subgradient 1 (fun w => - Rabs (w 0%nat)) (fun _ => 0) s.
Proof.
  intros [s H]. pose proof (H (fun _ => 1)) as H1. pose proof (H (fun _ => -1)) as H2.
  unfold dot in H1, H2. simpl in H1, H2.
  rewrite Rabs_R0 in H1, H2. rewrite Rabs_R1 in H1. rewrite (Rabs_left (-1)) in H2 by lra. lra.
Qed.

(* All of the above in one value, so that all axioms are printed once. *)
Definition theorems := (only_the_gradient_is_a_subgradient, gradient_of_a_convex_function,
  zero_is_a_subgradient_at_the_minima, minus_the_absolute_value_has_no_subgradient).
Print Assumptions theorems.
