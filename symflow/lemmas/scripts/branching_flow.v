(* A differential inclusion w' in - dR(w) with many solutions.

   Catalogue: E12 and W14. For R(w) = - |w| and w(0) = 0 the curves w(t) = e max(0, t - T) with e = 1 or -1 are
   solutions for every T >= 0: stay at 0 until T, then leave to either side. *)

From Coq Require Import Reals Lra Lia Psatz.
From Symflow Require Import finite_sums clarke_differential.
Open Scope R_scope.

Definition ridge (w : vector) : R := - Rabs (w 0%nat).
Definition branch (e T : R) (t : R) : vector := fun _ => e * Rmax 0 (t - T).

Lemma one_coordinate_at_most_norm h : Rabs (h 0%nat) <= norm 1 h.
Proof. apply coordinate_at_most_norm. lia. Qed.

(* Off 0 the gradient is minus the sign. *)
Lemma gradient_off_the_ridge e z : e * e = 1 -> 0 < z -> gradient_at 1 ridge (fun _ => e * z) (fun _ => - e).
Proof.
  intros He Hz eps Heps. exists z. split; [ exact Hz | ]. intros h Hh.
  pose proof (one_coordinate_at_most_norm h) as H0. unfold ridge, dot. simpl.
  assert (Hcase : e = 1 \/ e = -1) by (assert ((e - 1) * (e + 1) = 0) by lra; destruct (Rmult_integral _ _ H); lra).
  assert (Hb : - z < h 0%nat < z) by (split; [ | ]; unfold Rabs in H0; destruct Rcase_abs; lra).
  replace (- Rabs (e * z + h 0%nat) - - Rabs (e * z) - (0 + - e * h 0%nat)) with 0.
  - rewrite Rabs_R0. apply Rmult_le_pos; [ lra | apply norm_nonnegative ].
  - destruct Hcase as [-> | ->]; unfold Rabs; repeat destruct Rcase_abs; lra.
Qed.

(* At 0 the differential contains 0, the mean of the two slopes. *)
Lemma zero_is_stationary : clarke 1 ridge (fun _ => 0) (fun _ => 0).
Proof.
  assert (Hsmall : Un_cv (fun n => / (INR n + 1)) 0).
  { intros eps Heps. destruct (archimed_cor1 eps Heps) as (N & HN & HN0). exists N. intros n Hn.
    unfold R_dist. rewrite Rminus_0_r.
    assert (0 < INR N) by now apply lt_0_INR.
    assert (INR N <= INR n) by (apply le_INR; lia).
    rewrite Rabs_pos_eq by (apply Rlt_le, Rinv_0_lt_compat; lra).
    apply (Rle_lt_trans _ (/ INR N)); [ | exact HN ]. apply Rinv_le_contravar; lra. }
  assert (Hlimit : forall e, e * e = 1 -> limit_of_gradients 1 ridge (fun _ => 0) (fun _ => - e)).
  { intros e He. exists (fun n _ => e * / (INR n + 1)), (fun _ _ => - e). repeat split.
    - intros n. apply gradient_off_the_ridge; [ exact He | ].
      apply Rinv_0_lt_compat. pose proof (pos_INR n). lra.
    - intros i _. replace 0 with (e * 0) by ring.
      apply (CV_mult (fun _ => e) (fun n => / (INR n + 1))); [ apply limit_of_constant | exact Hsmall ].
    - intros i _. apply limit_of_constant. }
  exists 2%nat, (fun _ => / 2), (fun j _ => match j with O => - (1) | _ => - (-1) end).
  simpl. repeat split; try (intros; lra).
  intros j Hj. destruct j as [ | j ]; [ exact (Hlimit 1 ltac:(lra)) | exact (Hlimit (-1) ltac:(lra)) ].
Qed.

Theorem every_branch_is_a_solution e T t :
  e * e = 1 -> t <> T ->
  exists v, clarke 1 ridge (branch e T t) v /\ derivable_pt_lim (fun s => branch e T s 0%nat) t (- v 0%nat).
Proof.
  intros He Ht. destruct (Rdichotomy t T Ht) as [Hbefore | Hafter].
  - exists (fun _ => 0). split.
    + replace (branch e T t) with (fun _ : nat => 0); [ exact zero_is_stationary | ].
      apply equal_vectors. intros i. unfold branch. rewrite Rmax_left by lra. ring.
    + rewrite Ropp_0. apply (derivative_local (fun _ => 0) _ t 0 (T - t)); [ lra | | apply derivable_pt_lim_const ].
      intros s Hs. apply Rabs_def2 in Hs. unfold branch. rewrite Rmax_left by lra. ring.
  - exists (fun _ => - e). split.
    + replace (branch e T t) with (fun _ : nat => e * (t - T)).
      * apply a_gradient_is_a_clarke_subgradient, gradient_off_the_ridge; [ exact He | lra ].
      * apply equal_vectors. intros i. unfold branch. rewrite Rmax_right by lra. reflexivity.
    + rewrite Ropp_involutive.
      apply (derivative_local (fun s => - (e * T) + e * id s) _ t e (t - T)); [ lra | | ].
      * intros s Hs. apply Rabs_def2 in Hs. unfold branch, id. rewrite Rmax_right by lra. ring.
      * pose proof (derivable_pt_lim_plus (fun _ => - (e * T)) (fun s => e * id s) t 0 (e * 1)
          (derivable_pt_lim_const _ t) (derivable_pt_lim_scal id e t 1 (derivable_pt_lim_id t))) as H.
        replace (0 + e * 1) with e in H by ring. exact H.
Qed.

Theorem the_branches_start_together_and_differ e T T' :
  e * e = 1 -> 0 <= T -> T < T' ->
  branch e T 0 0%nat = branch e T' 0 0%nat /\ branch e T T' 0%nat <> branch e T' T' 0%nat.
Proof.
  intros He HT HTT. unfold branch. split.
  - rewrite !Rmax_left by lra. reflexivity.
  - rewrite Rmax_right, Rmax_left by lra. intros E.
    assert (H : e * (e * (T' - T)) = e * (e * 0)) by now rewrite E.
    rewrite <- !Rmult_assoc, He in H. lra.
Qed.

(* All of the above in one value, so that all axioms are printed once. *)
Definition theorems := (every_branch_is_a_solution, the_branches_start_together_and_differ).
Print Assumptions theorems.
