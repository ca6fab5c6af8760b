(* The one-variable facts: relu is homogeneous of degree 1, its derivative off 0 is 0 or 1, and it has none at 0;
   a monomial of degree k is homogeneous of degree k.

   Catalogue: A17, A21 and E5 (relu'(0) does not exist; a net can be differentiable at a kink with a derivative that
   no choice of relu'(0) in {0, 1} gives). *)

From Coq Require Import Reals Lra Lia Psatz List.
Import ListNotations.
Open Scope R_scope.

Definition relu (z : R) : R := Rmax 0 z.

Theorem relu_has_degree_one a z : 0 <= a -> relu (a * z) = a * relu z.
Proof. intros Ha. unfold relu. rewrite <- RmaxRmult by exact Ha. now rewrite Rmult_0_r. Qed.

Theorem relu_at_positive z : 0 < z -> derivable_pt_lim relu z 1.
Proof.
  intros Hz e He. exists (mkposreal z Hz). simpl. intros h Hh Hlt. apply Rabs_def2 in Hlt.
  unfold relu. rewrite !Rmax_right by lra. replace ((z + h - z) / h - 1) with 0 by (field; exact Hh).
  now rewrite Rabs_R0.
Qed.

Theorem relu_at_negative z : z < 0 -> derivable_pt_lim relu z 0.
Proof.
  intros Hz e He. assert (Hp : 0 < - z) by lra. exists (mkposreal _ Hp). simpl. intros h Hh Hlt.
  apply Rabs_def2 in Hlt. unfold relu. rewrite !Rmax_left by lra.
  replace ((0 - 0) / h - 0) with 0 by (field; exact Hh). now rewrite Rabs_R0.
Qed.

Theorem relu_has_no_derivative_at_zero : ~ exists l, derivable_pt_lim relu 0 l.
Proof.
  intros [l H]. destruct (H (1 / 2)) as [del Hd]; [ lra | ].
  pose proof (cond_pos del) as Hp.
  pose proof (Hd (del / 2)) as Hr. pose proof (Hd (- (del / 2))) as Hl.
  rewrite Rabs_pos_eq in Hr by lra. rewrite Rabs_Ropp, Rabs_pos_eq in Hl by lra.
  specialize (Hr ltac:(lra) ltac:(lra)). specialize (Hl ltac:(lra) ltac:(lra)).
  unfold relu in Hr, Hl. rewrite Rplus_0_l, Rmax_right, Rmax_left in Hr by lra.
  rewrite Rplus_0_l, !Rmax_left in Hl by lra.
  replace ((del / 2 - 0) / (del / 2) - l) with (1 - l) in Hr by (field; lra).
  replace ((0 - 0) / - (del / 2) - l) with (- l) in Hl by (field; lra).
  apply Rabs_def2 in Hr. apply Rabs_def2 in Hl. lra.
Qed.

(* E5: half the difference of two units is w / 2; its derivative at the kink is 1/2, not 0 and not 1. *)
Theorem a_derivative_between_the_conventions :
  derivable_pt_lim (fun w => (relu w - relu (- w)) / 2) 0 (1 / 2) /\ 1 / 2 <> 0 /\ 1 / 2 <> 1.
Proof.
  split; [ | lra ]. intros e He. exists (mkposreal 1 Rlt_0_1). intros h Hh _.
  assert (E : forall w, relu w - relu (- w) = w).
  { intros w. unfold relu, Rmax. destruct (Rle_dec 0 w), (Rle_dec 0 (- w)); lra. }
  rewrite !E. replace (((0 + h) / 2 - 0 / 2) / h - 1 / 2) with 0 by (field; exact Hh). now rewrite Rabs_R0.
Qed.

(* A monomial is the list of its factors' indices; its degree is the length of the list. *)
Definition monomial (factors : list nat) (w : nat -> R) : R := fold_right (fun i product => w i * product) 1 factors.

Theorem monomials_are_homogeneous factors a w :
  monomial factors (fun i => a * w i) = a ^ length factors * monomial factors w.
Proof. induction factors as [ | i others IH ]; simpl; [ ring | rewrite IH; ring ]. Qed.

(* All of the above in one value, so that all axioms are printed once. *)
Definition theorems := (relu_has_degree_one, relu_at_positive, relu_at_negative, relu_has_no_derivative_at_zero,
  a_derivative_between_the_conventions, monomials_are_homogeneous).
Print Assumptions theorems.
