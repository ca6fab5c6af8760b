(* Degrees for which homogeneity says too little or too much.

   Catalogue: E9 and A16. f(0) = 0 follows from f(a w) = a^L f(w) for L > 0, and not for L = 0. A function that is
   locally Lipschitz at 0 and homogeneous of degree 0 < L < 1 is 0 everywhere. *)

From Coq Require Import Reals Lra Lia Psatz.
From Symflow Require Import finite_sums clarke_differential euler_along_the_ray.
Open Scope R_scope.

Definition origin : vector := fun _ => 0.

Theorem value_at_the_origin L f : 0 < L -> homogeneous L f -> f origin = 0.
Proof.
  intros HL H. pose proof (H 2 origin ltac:(lra)) as E.
  replace (fun i => 2 * origin i) with origin in E by (apply equal_vectors; intros; unfold origin; ring).
  assert (1 < Rpower 2 L) by (rewrite <- (Rpower_O 2) by lra; apply Rpower_lt; lra). nra.
Qed.

Theorem degree_zero_need_not_vanish : exists f, homogeneous 0 f /\ f origin <> 0.
Proof.
  exists (fun _ => 1). split; [ | lra ]. intros a u Ha. unfold Rpower. rewrite Rmult_0_l, exp_0. ring.
Qed.

Theorem lipschitz_of_degree_below_one_is_zero d L f :
  0 < L < 1 -> homogeneous L f -> locally_lipschitz_at d f origin -> forall w, f w = 0.
Proof.
  intros HL Hf (r & K & Hr & HK) w.
  destruct (Req_dec (f w) 0) as [ | Hne ]; [ assumption | exfalso ].
  assert (Hc : 0 < Rabs (f w)) by now apply Rabs_pos_lt.
  set (N := norm d w + 1). assert (HN : 0 < N) by (unfold N; pose proof (norm_nonnegative d w); lra).
  set (C := Rabs K * N + 1). assert (HC : 0 < C) by (unfold C; pose proof (Rabs_pos K); nra).
  set (q := Rabs (f w) / C). assert (Hq : 0 < q) by now apply Rdiv_lt_0_compat.
  set (a := Rmin (r / (2 * N)) (Rpower q (/ (1 - L)))).
  assert (Ha : 0 < a) by (apply Rmin_glb_lt; [ apply Rdiv_lt_0_compat; lra | apply exp_pos ]).
  assert (HaN : a * norm d w < r).
  { assert (a <= r / (2 * N)) by apply Rmin_l.
    assert (r / (2 * N) * N = r / 2) by (field; lra).
    unfold N in *. pose proof (norm_nonnegative d w). nra. }
  assert (Hsmall : Rpower a (1 - L) <= q).
  { apply (Rle_trans _ (Rpower (Rpower q (/ (1 - L))) (1 - L))).
    - apply Rle_Rpower_l; [ lra | split; [ exact Ha | apply Rmin_r ] ].
    - rewrite Rpower_mult, Rinv_l, Rpower_1 by lra. lra. }
  assert (Hdiff : forall b, norm d (fun i => b * w i - origin i) = Rabs b * norm d w).
  { intros b. rewrite <- norm_scale. f_equal. apply equal_vectors. intros. unfold origin. ring. }
  assert (Hzero : norm d (fun i => origin i - origin i) = 0).
  { unfold norm, dot, origin. rewrite (sum_extensional d _ (fun _ => 0)), sum_zero, sqrt_0; [ reflexivity | ].
    intros. ring. }
  pose proof (HK (fun i => a * w i) origin) as Hlip. cbv beta in Hlip.
  rewrite Hdiff, Hzero, (Rabs_pos_eq a) in Hlip by lra.
  specialize (Hlip HaN Hr). rewrite (value_at_the_origin L f (proj1 HL) Hf), Rminus_0_r, (Hf a w Ha) in Hlip.
  rewrite Rabs_mult, (Rabs_pos_eq (Rpower a L)) in Hlip by (apply Rlt_le, exp_pos).
  assert (Hsplit : a = Rpower a L * Rpower a (1 - L)).
  { rewrite <- Rpower_plus. replace (L + (1 - L)) with 1 by ring. now rewrite Rpower_1. }
  assert (HP : 0 < Rpower a L) by apply exp_pos.
  assert (Hfin : Rabs (f w) <= Rabs K * norm d w * Rpower a (1 - L)).
  { apply (Rmult_le_reg_l (Rpower a L)); [ exact HP | ].
    apply (Rle_trans _ _ _ Hlip). rewrite Hsplit at 1.
    replace (Rpower a L * (Rabs K * norm d w * Rpower a (1 - L)))
      with (Rabs K * (Rpower a L * Rpower a (1 - L) * norm d w)) by ring.
    apply Rmult_le_compat_r; [ | apply Rle_abs ].
    apply Rmult_le_pos; [ rewrite <- Hsplit; lra | apply norm_nonnegative ]. }
  assert (HqC : q * C = Rabs (f w)) by (unfold q; field; lra).
  assert (Rabs K * norm d w < C) by (unfold C, N; pose proof (Rabs_pos K); pose proof (norm_nonnegative d w); nra).
  assert (0 <= Rabs K * norm d w) by (apply Rmult_le_pos; [ apply Rabs_pos | apply norm_nonnegative ]).
  assert (Rabs K * norm d w * Rpower a (1 - L) <= Rabs K * norm d w * q) by (apply Rmult_le_compat_l; assumption).
  nra.
Qed.

(* All of the above in one value, so that all axioms are printed once. *)
Definition theorems := (value_at_the_origin, degree_zero_need_not_vanish, lipschitz_of_degree_below_one_is_zero).
Print Assumptions theorems.
