(* Functions that are continuous and no more, or locally Lipschitz and no more.

   Catalogue: A8 (the Clarke differential can be empty) and A10 (locally Lipschitz without being Lipschitz, continuous
   without being locally Lipschitz). The root of |w| has no bounded slope near 0: no sequence of gradients at points
   that tend to 0 converges, and the hull of no vectors is empty. The square has a slope |a + b| without a bound. *)

From Coq Require Import Reals Lra Lia Psatz.
From Symflow Require Import finite_sums clarke_differential.
Open Scope R_scope.

Definition root (w : vector) : R := sqrt (Rabs (w 0%nat)).

Definition square (w : vector) : R := w 0%nat * w 0%nat.

Definition lipschitz (d : nat) (f : vector -> R) : Prop :=
  exists K, forall u v, Rabs (f u - f v) <= K * norm d (fun i => u i - v i).

Lemma norm_in_one_dimension v : norm 1 v = Rabs (v 0%nat).
Proof.
  unfold norm, dot. simpl. rewrite Rplus_0_l. replace (v 0%nat * v 0%nat) with (Rsqr (v 0%nat)) by (unfold Rsqr; ring).
  apply sqrt_Rsqr_abs.
Qed.

Theorem root_is_continuous w : continuous_at 1 root w.
Proof.
  intros x Hx. unfold root.
  apply (continuity_seq (fun z => sqrt (Rabs z)) (fun n => x n 0%nat) (w 0%nat)).
  - apply (continuity_pt_comp Rabs sqrt).
    + apply Rcontinuity_abs.
    + apply continuity_pt_sqrt, Rabs_pos.
  - apply Hx. lia.
Qed.

Theorem root_is_not_locally_lipschitz : ~ locally_lipschitz_at 1 root (fun _ => 0).
Proof.
  intros (r & K & Hr & HK).
  set (b := Rmin (r / 2) (/ (Rabs K + 1))).
  assert (Hk : 0 < Rabs K + 1) by (pose proof (Rabs_pos K); lra).
  assert (Hb : 0 < b) by (apply Rmin_glb_lt; [ lra | now apply Rinv_0_lt_compat ]).
  assert (Hb1 : b <= r / 2) by apply Rmin_l.
  assert (Hb2 : b * (Rabs K + 1) <= 1).
  { assert (b <= / (Rabs K + 1)) by apply Rmin_r.
    apply (Rmult_le_compat_r (Rabs K + 1)) in H; [ | lra ]. rewrite Rinv_l in H by lra. exact H. }
  set (a := b * b).
  assert (Ha : 0 < a) by (unfold a; nra).
  pose proof (HK (fun _ => Rmin a (r / 2)) (fun _ => 0)) as H. cbv beta in H.
  set (c := Rmin a (r / 2)) in *.
  assert (Hc : 0 < c) by (apply Rmin_glb_lt; lra).
  assert (Hca : c <= a) by apply Rmin_l. assert (Hcr : c <= r / 2) by apply Rmin_r.
  rewrite !norm_in_one_dimension in H. unfold root in H.
  rewrite !Rminus_0_r in H. rewrite (Rabs_pos_eq c) in H by lra. rewrite Rabs_R0, sqrt_0, Rminus_0_r in H.
  rewrite (Rabs_pos_eq (sqrt c)) in H by apply sqrt_pos.
  specialize (H ltac:(lra) ltac:(lra)).
  (* sqrt c <= K c, while sqrt c <= b gives K c <= K b sqrt c < sqrt c *)
  assert (Hs : sqrt c * sqrt c = c) by (apply sqrt_sqrt; lra).
  assert (Hpos : 0 < sqrt c) by (apply sqrt_lt_R0; lra).
  assert (Hsb : sqrt c <= b).
  { rewrite <- (sqrt_square b) by lra. apply sqrt_le_1_alt. exact Hca. }
  pose proof (Rle_abs K). pose proof (Rabs_pos K).
  assert (K * sqrt c < 1) by nra.
  nra.
Qed.

(* Away from 0 the gradient is 1 / (2 sqrt w), up to its sign; its product with the root is 1/2. *)
Lemma gradient_of_the_root u g : gradient_at 1 root u g -> Rabs (g 0%nat) * root u = 1 / 2.
Proof.
  intros Hg.
  pose proof (slope_along_a_line 1 root u g (fun _ => 1) Hg) as Hd.
  assert (Hdot : dot 1 g (fun _ => 1) = g 0%nat) by (unfold dot; simpl; ring).
  rewrite Hdot in Hd.
  (* the square of the root is the absolute value, which has the slope 2 root g *)
  assert (Habs : derivable_pt_lim (fun t => Rabs (u 0%nat + t * 1)) 0 (2 * (root u * g 0%nat))).
  { assert (H : derivable_pt_lim (fun t => root (fun i => u i + t * 1) * root (fun i => u i + t * 1)) 0
      (g 0%nat * root (fun i => u i + 0 * 1) + root (fun i => u i + 0 * 1) * g 0%nat))
      by (apply (derivable_pt_lim_mult _ _ _ _ _ Hd Hd)).
    assert (E : root (fun i => u i + 0 * 1) = root u) by (unfold root; f_equal; f_equal; ring).
    rewrite E in H. replace (2 * (root u * g 0%nat)) with (g 0%nat * root u + root u * g 0%nat) by ring.
    eapply derivative_extensional; [ | exact H ]. intros t. unfold root. apply sqrt_sqrt, Rabs_pos. }
  assert (Hcase : u 0%nat = 0 \/ 0 < u 0%nat \/ u 0%nat < 0) by lra.
  destruct Hcase as [E0 | [Hpos | Hneg]].
  - (* at 0 the absolute value would have the slope 0 *)
    exfalso. assert (Er : root u = 0) by (unfold root; rewrite E0, Rabs_R0; apply sqrt_0).
    rewrite Er in Habs. destruct (Habs (1 / 2) ltac:(lra)) as [del Hdel]. pose proof (cond_pos del) as Hp.
    specialize (Hdel (del / 2)). rewrite Rabs_pos_eq in Hdel by lra. specialize (Hdel ltac:(lra) ltac:(lra)).
    rewrite E0 in Hdel. replace (0 + (0 + del / 2) * 1) with (del / 2) in Hdel by ring.
    replace (0 + 0 * 1) with 0 in Hdel by ring. rewrite Rabs_R0, (Rabs_pos_eq (del / 2)) in Hdel by lra.
    replace ((del / 2 - 0) / (del / 2) - 2 * (0 * g 0%nat)) with 1 in Hdel by (field; lra).
    rewrite Rabs_R1 in Hdel. lra.
  - assert (H1 : derivable_pt_lim (fun t => Rabs (u 0%nat + t * 1)) 0 1).
    { apply (derivative_local (fun t => u 0%nat + t) _ 0 _ (u 0%nat)); [ exact Hpos | | ].
      - intros t Ht. rewrite Rminus_0_r in Ht. apply Rabs_def2 in Ht. rewrite Rabs_pos_eq; lra.
      - replace 1 with (0 + 1) by ring. apply (derivable_pt_lim_plus (fun _ => u 0%nat) (fun t => t)).
        + apply derivable_pt_lim_const.
        + apply derivable_pt_lim_id. }
    pose proof (uniqueness_limite _ _ _ _ Habs H1) as E.
    assert (Hr : 0 < root u) by (unfold root; rewrite Rabs_pos_eq by lra; now apply sqrt_lt_R0).
    assert (0 < g 0%nat) by nra. rewrite Rabs_pos_eq by lra. lra.
  - assert (H1 : derivable_pt_lim (fun t => Rabs (u 0%nat + t * 1)) 0 (-1)).
    { apply (derivative_local (fun t => - u 0%nat + - t) _ 0 _ (- u 0%nat)); [ lra | | ].
      - intros t Ht. rewrite Rminus_0_r in Ht. apply Rabs_def2 in Ht. rewrite Rabs_left; lra.
      - replace (-1) with (0 + -1) by ring. apply (derivable_pt_lim_plus (fun _ => - u 0%nat) (fun t => - t)).
        + apply derivable_pt_lim_const.
        + apply (derivable_pt_lim_opp (fun t => t)). apply derivable_pt_lim_id. }
    pose proof (uniqueness_limite _ _ _ _ Habs H1) as E.
    assert (Hr : 0 < root u).
    { unfold root. apply sqrt_lt_R0. apply Rabs_pos_lt. lra. }
    assert (g 0%nat < 0) by nra. rewrite Rabs_left by lra. lra.
Qed.

Theorem root_has_no_limit_of_gradients s : ~ limit_of_gradients 1 root (fun _ => 0) s.
Proof.
  intros (points & gradients & Hg & Hpoints & Hs).
  assert (Hroot : Un_cv (fun n => root (points n)) 0).
  { pose proof (root_is_continuous (fun _ => 0) points Hpoints) as H.
    replace (root (fun _ => 0)) with 0 in H by (unfold root; rewrite Rabs_R0; symmetry; apply sqrt_0). exact H. }
  assert (Habs : Un_cv (fun n => Rabs (gradients n 0%nat)) (Rabs (s 0%nat))).
  { apply (cv_cvabs (fun n => gradients n 0%nat)). apply Hs. lia. }
  pose proof (CV_mult _ _ _ _ Habs Hroot) as H. rewrite Rmult_0_r in H.
  destruct (H (1 / 4) ltac:(lra)) as [N HN]. specialize (HN N ltac:(lia)). unfold R_dist in HN.
  rewrite (gradient_of_the_root _ _ (Hg N)), Rminus_0_r, Rabs_pos_eq in HN by lra. lra.
Qed.

Theorem root_has_no_clarke_subgradient s : ~ clarke 1 root (fun _ => 0) s.
Proof.
  intros (n & lambda & g & _ & Hone & HG & _).
  destruct n as [ | n ]; [ simpl in Hone; lra | ].
  exact (root_has_no_limit_of_gradients _ (HG 0%nat ltac:(lia))).
Qed.

Theorem square_is_locally_lipschitz w : locally_lipschitz_at 1 square w.
Proof.
  exists 1, (2 * Rabs (w 0%nat) + 2). split; [ lra | ]. intros u v Hu Hv.
  rewrite norm_in_one_dimension in *. unfold square.
  replace (u 0%nat * u 0%nat - v 0%nat * v 0%nat) with ((u 0%nat + v 0%nat) * (u 0%nat - v 0%nat)) by ring.
  rewrite Rabs_mult. apply Rmult_le_compat_r; [ apply Rabs_pos | ].
  replace (u 0%nat + v 0%nat) with (2 * w 0%nat + ((u 0%nat - w 0%nat) + (v 0%nat - w 0%nat))) by ring.
  eapply Rle_trans; [ apply Rabs_triang | ]. rewrite Rabs_mult, (Rabs_pos_eq 2) by lra.
  pose proof (Rabs_triang (u 0%nat - w 0%nat) (v 0%nat - w 0%nat)). lra.
Qed.

Theorem square_is_not_lipschitz : ~ lipschitz 1 square.
Proof.
  intros (K & HK). pose proof (HK (fun _ => Rabs K + 1) (fun _ => 0)) as H.
  rewrite norm_in_one_dimension in H. unfold square in H. cbv beta in H.
  rewrite Rminus_0_r, Rmult_0_r, Rminus_0_r in H.
  pose proof (Rabs_pos K). pose proof (Rle_abs K).
  set (k := Rabs K) in *. rewrite (Rabs_pos_eq ((k + 1) * (k + 1))), (Rabs_pos_eq (k + 1)) in H by nra.
  assert (K * (k + 1) <= k * (k + 1)) by (apply Rmult_le_compat_r; lra). nra.
Qed.

(* All of the above in one value, so that all axioms are printed once. *)
Definition theorems := (root_is_continuous, root_is_not_locally_lipschitz, root_has_no_limit_of_gradients,
  root_has_no_clarke_subgradient, square_is_locally_lipschitz, square_is_not_lipschitz).
Print Assumptions theorems.
