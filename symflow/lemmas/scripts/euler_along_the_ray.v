(* Euler's identity for every element of the Clarke differential (Lemma 9.2 of one lecture, Lemma 2 of the other).

   Catalogue: A26 = B2; A28 (the difference quotient along the ray), A29 (limits and convex combinations).

   Let f (a w) = a^L f w for all a > 0, for a real number L, and let f be continuous at w (a locally Lipschitz f is).
   Then <s, w> = L f w for every s in the Clarke differential of f at w. Nothing is asked of the set of points at
   which f is differentiable, and it is not claimed that the differential is non-empty. At a point where f is
   differentiable the identity is Euler's and needs no continuity. *)

From Coq Require Import Reals Lra Lia Psatz.
From Symflow Require Import finite_sums clarke_differential.
Open Scope R_scope.

Definition homogeneous (L : R) (f : vector -> R) : Prop :=
  forall a u, 0 < a -> f (fun i => a * u i) = Rpower a L * f u.

Lemma Rpower_one L : Rpower 1 L = 1.
Proof. unfold Rpower. now rewrite ln_1, Rmult_0_r, exp_0. Qed.

(* A28: ((1 + t)^L - 1) / t tends to L as t tends to 0. *)
Theorem slope_of_the_power L : derivable_pt_lim (fun t => Rpower (1 + t) L) 0 L.
Proof.
  assert (H : derivable_pt_lim (fun t => Rpower (1 + t) L) 0 (L * 1 * (0 + 1))).
  { apply (derivable_pt_lim_comp (fun t => 1 + t) (fun a => Rpower a L)).
    - apply (derivable_pt_lim_plus (fun _ => 1) id 0 0 1); [ apply derivable_pt_lim_const | apply derivable_pt_lim_id ].
    - pose proof (derivable_pt_lim_power 1 L ltac:(lra)) as P. rewrite Rpower_one in P. now rewrite Rplus_0_r. }
  replace (L * 1 * (0 + 1)) with L in H by ring. exact H.
Qed.

Lemma slope_along_the_ray L f u :
  homogeneous L f -> derivable_pt_lim (fun t => f (fun i => u i + t * u i)) 0 (L * f u).
Proof.
  intros H.
  apply (derivative_local (fun t => Rpower (1 + t) L * f u) _ 0 _ 1); [ lra | | ].
  - intros t Ht. rewrite Rminus_0_r in Ht. apply Rabs_def2 in Ht.
    rewrite <- H by lra. f_equal. apply equal_vectors. intros. ring.
  - pose proof (derivable_pt_lim_mult (fun t => Rpower (1 + t) L) (fun _ => f u) 0 L 0 (slope_of_the_power L)
      (derivable_pt_lim_const (f u) 0)) as P.
    replace (L * f u) with (L * f u + Rpower (1 + 0) L * 0) by ring. exact P.
Qed.

Theorem euler_at_a_point_of_differentiability d L f w g :
  homogeneous L f -> gradient_at d f w g -> dot d g w = L * f w.
Proof.
  intros H Hg. eapply uniqueness_limite; [ apply slope_along_a_line, Hg | apply slope_along_the_ray, H ].
Qed.

Theorem euler_for_every_clarke_subgradient d L f w :
  homogeneous L f -> continuous_at d f w -> forall s, clarke d f w s -> dot d s w = L * f w.
Proof.
  intros H Hf.
  apply (every_clarke_subgradient_has_the_slope d f (fun u => u) (fun u => L * f u) w).
  - intros u. apply slope_along_the_ray, H.
  - intros i Hi x Hx. apply Hx, Hi.
  - intros x Hx. apply (CV_mult (fun _ => L) (fun n => f (x n))); [ apply limit_of_constant | apply Hf, Hx ].
Qed.

(* The same as the lectures have it: L a natural number, f locally Lipschitz. *)
Theorem lemma_2 d (L : nat) f w :
  (forall a u, 0 <= a -> f (fun i => a * u i) = a ^ L * f u) -> locally_lipschitz_at d f w ->
  forall s, clarke d f w s -> dot d s w = INR L * f w.
Proof.
  intros H Hf. apply euler_for_every_clarke_subgradient.
  - intros a u Ha. rewrite Rpower_pow by exact Ha. apply H. lra.
  - apply locally_lipschitz_is_continuous, Hf.
Qed.

(* All of the above in one value, so that all axioms are printed once. *)
Definition theorems := (slope_of_the_power, euler_at_a_point_of_differentiability, euler_for_every_clarke_subgradient,
  lemma_2).
Print Assumptions theorems.
