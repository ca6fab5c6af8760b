(* The soft margin of the exponential loss, for any number n >= 1 of samples in any dimension.

   Catalogue: B5 (the two forms of the margin agree), B8 (what the soft margin of the exponential loss is), B9
   (margin - ln n / |w|^L <= soft margin <= margin, so separability can be said with either), B10 (Lemma 4, and its
   sharp form <v, w> = L (u + H) with the entropy H of the softmin weights, 0 <= H <= ln n), E17 (the chain rule is not
   needed), and W10 and W13 corrected (both inequalities are strict for n >= 2).

   m i is the margin of sample i; u = - ln sum exp(- m i). Lemma 4 is proved twice: for v = sum p_i s_i with
   <s_i, w> = L m_i, and for *every* element v of the Clarke differential of w |-> u(m(w)), where the m_i are
   L-homogeneous and continuous at w. *)

From Coq Require Import Reals Lra Lia Psatz.
From Symflow Require Import finite_sums clarke_differential euler_along_the_ray.
Open Scope R_scope.

Definition loss (n : nat) (m : vector) : R := sum n (fun i => exp (- m i)).
Definition log_margin (n : nat) (m : vector) : R := - ln (loss n m).
Definition softmin (n : nat) (m : vector) : vector := fun i => exp (- m i) / loss n m.
Definition entropy (n : nat) (p : vector) : R := - sum n (fun i => p i * ln (p i)).
Definition soft_margin (d n : nat) (L : R) (m w : vector) : R := log_margin n m / Rpower (norm d w) L.
Definition is_minimum (n : nat) (m : vector) (c : R) : Prop :=
  (forall i, (i < n)%nat -> c <= m i) /\ exists i, (i < n)%nat /\ m i = c.

Lemma ln_monotone x y : 0 < x -> x <= y -> ln x <= ln y.
Proof.
  intros Hx H. destruct (Rle_lt_or_eq_dec x y H) as [Hlt | <-]; [ apply Rlt_le, ln_increasing; assumption | lra ].
Qed.

Lemma loss_positive n m : (0 < n)%nat -> 0 < loss n m.
Proof.
  intros Hn. apply (Rlt_le_trans _ (exp (- m 0%nat))); [ apply exp_pos | ].
  apply (term_at_most_sum n (fun i => exp (- m i))); [ intros; apply Rlt_le, exp_pos | exact Hn ].
Qed.

(* B8: u is the inverse of the loss z |-> exp (- z) at the total loss. *)
Theorem log_margin_inverts_the_loss n m : (0 < n)%nat -> exp (- log_margin n m) = loss n m.
Proof. intros Hn. unfold log_margin. rewrite Ropp_involutive. apply exp_ln, loss_positive, Hn. Qed.

Theorem log_margin_at_most_each_margin n m i : (i < n)%nat -> log_margin n m <= m i.
Proof.
  intros Hi. unfold log_margin. rewrite <- (Ropp_involutive (m i)). apply Ropp_le_contravar.
  rewrite <- (ln_exp (- m i)). apply ln_monotone; [ apply exp_pos | ].
  apply (term_at_most_sum n (fun i => exp (- m i))); [ intros; apply Rlt_le, exp_pos | exact Hi ].
Qed.

Theorem log_margin_at_least n m c :
  (0 < n)%nat -> (forall i, (i < n)%nat -> c <= m i) -> c - ln (INR n) <= log_margin n m.
Proof.
  intros Hn Hc. unfold log_margin.
  assert (0 < INR n) by now apply lt_0_INR.
  assert (loss n m <= INR n * exp (- c)) as Hle.
  { rewrite <- sum_constant. apply sum_monotone. intros i Hi. specialize (Hc i Hi).
    destruct (Rle_lt_or_eq_dec c (m i) Hc) as [Hlt | <-]; [ apply Rlt_le, exp_increasing; lra | lra ]. }
  apply ln_monotone in Hle; [ | apply loss_positive, Hn ].
  rewrite ln_mult, ln_exp in Hle by (auto using exp_pos). lra.
Qed.

(* B9: the soft margin and the margin differ by at most ln n / |w|^L. *)
Theorem soft_margin_bounds d n L m w c :
  (0 < n)%nat -> is_minimum n m c ->
  c / Rpower (norm d w) L - ln (INR n) / Rpower (norm d w) L <= soft_margin d n L m w <= c / Rpower (norm d w) L.
Proof.
  intros Hn [Hall (i & Hi & <-)]. unfold soft_margin.
  assert (0 < / Rpower (norm d w) L) by (apply Rinv_0_lt_compat, exp_pos).
  pose proof (log_margin_at_least n m (m i) Hn Hall). pose proof (log_margin_at_most_each_margin n m i Hi).
  unfold Rdiv. split; [ rewrite <- Rmult_minus_distr_r | ]; apply Rmult_le_compat_r; lra.
Qed.

Lemma positive_lower_bound n m :
  (forall i, (i < n)%nat -> 0 < m i) -> exists c, 0 < c /\ forall i, (i < n)%nat -> c <= m i.
Proof.
  induction n; intros H; [ exists 1; split; [ lra | intros; lia ] | ].
  destruct IHn as (c & Hc & Hall); [ auto with arith | ].
  exists (Rmin c (m n)). split; [ apply Rmin_glb_lt; auto with arith | ]. intros i Hi.
  destruct (Nat.eq_dec i n) as [-> | ]; [ apply Rmin_r | ].
  apply (Rle_trans _ c); [ apply Rmin_l | apply Hall; lia ].
Qed.

(* B9: separability, with the soft margin or with the margins. *)
Theorem separability n L (m : vector -> vector) :
  (0 < n)%nat -> 0 < L -> (forall i, homogeneous L (fun w => m w i)) ->
  (exists w, 0 < log_margin n (m w)) <-> (exists w, forall i, (i < n)%nat -> 0 < m w i).
Proof.
  intros Hn HL Hm. split; intros [w Hw].
  - exists w. intros i Hi. pose proof (log_margin_at_most_each_margin n (m w) i Hi). lra.
  - destruct (positive_lower_bound n (m w) Hw) as (c & Hc & Hall).
    assert (0 <= ln (INR n)).
    { rewrite <- ln_1. apply ln_monotone; [ lra | ]. change 1 with (INR 1). apply le_INR. lia. }
    set (a := exp (/ L * ln ((ln (INR n) + 1) / c))).
    assert (Ha : Rpower a L = (ln (INR n) + 1) / c).
    { unfold Rpower, a. rewrite ln_exp, <- Rmult_assoc, Rinv_r, Rmult_1_l by lra.
      apply exp_ln, Rdiv_lt_0_compat; lra. }
    exists (fun i => a * w i).
    assert (ln (INR n) + 1 - ln (INR n) <= log_margin n (m (fun i => a * w i))); [ | lra ].
    apply log_margin_at_least; [ exact Hn | ]. intros i Hi.
    rewrite (Hm i a w (exp_pos _)), Ha.
    apply (Rmult_le_reg_r c); [ exact Hc | ].
    replace ((ln (INR n) + 1) / c * m w i * c) with ((ln (INR n) + 1) * m w i) by (field; lra).
    apply Rmult_le_compat_l; [ lra | apply Hall, Hi ].
Qed.

(* B5: the least margin at w / |w| is the least margin at w divided by |w|^L. *)
Theorem margin_of_the_normalised_weights d n L (m : vector -> vector) w c :
  (forall i, homogeneous L (fun w => m w i)) -> 0 < norm d w -> is_minimum n (m w) c ->
  is_minimum n (m (fun i => / norm d w * w i)) (c / Rpower (norm d w) L).
Proof.
  intros Hm Hw [Hall (k & Hk & Hmin)].
  assert (E : forall i, m (fun i => / norm d w * w i) i = m w i / Rpower (norm d w) L).
  { intros i. rewrite (Hm i (/ norm d w) w (Rinv_0_lt_compat _ Hw)).
    unfold Rpower. rewrite ln_Rinv by exact Hw.
    replace (L * - ln (norm d w)) with (- (L * ln (norm d w))) by ring.
    rewrite exp_Ropp. unfold Rdiv. ring. }
  assert (0 < / Rpower (norm d w) L) by (apply Rinv_0_lt_compat, exp_pos).
  split.
  - intros i Hi. rewrite E. apply Rmult_le_compat_r; [ lra | apply Hall, Hi ].
  - exists k. split; [ exact Hk | now rewrite E, Hmin ].
Qed.

Lemma softmin_positive n m i : (0 < n)%nat -> 0 < softmin n m i.
Proof. intros Hn. apply Rdiv_lt_0_compat; [ apply exp_pos | apply loss_positive, Hn ]. Qed.

Lemma softmin_sums_to_one n m : (0 < n)%nat -> sum n (softmin n m) = 1.
Proof.
  intros Hn. unfold softmin, Rdiv. pose proof (loss_positive n m Hn).
  rewrite (sum_extensional n _ (fun i => / loss n m * exp (- m i))) by (intros; ring).
  rewrite sum_scale. change (sum n (fun i => exp (- m i))) with (loss n m). field. lra.
Qed.

Lemma log_of_softmin n m i : (0 < n)%nat -> ln (softmin n m i) = log_margin n m - m i.
Proof.
  intros Hn. unfold softmin, Rdiv, log_margin. pose proof (loss_positive n m Hn).
  rewrite ln_mult, ln_exp, ln_Rinv; [ ring | assumption | apply exp_pos | now apply Rinv_0_lt_compat ].
Qed.

Theorem mean_margin_is_log_margin_plus_entropy n m :
  (0 < n)%nat -> sum n (fun i => softmin n m i * m i) = log_margin n m + entropy n (softmin n m).
Proof.
  intros Hn. unfold entropy.
  rewrite (sum_extensional n (fun i => softmin n m i * ln (softmin n m i))
    (fun i => log_margin n m * softmin n m i - softmin n m i * m i))
    by (intros; rewrite log_of_softmin by exact Hn; ring).
  rewrite sum_minus, sum_scale, softmin_sums_to_one by exact Hn. ring.
Qed.

Theorem entropy_is_not_negative n m : (0 < n)%nat -> 0 <= entropy n (softmin n m).
Proof.
  intros Hn. unfold entropy. rewrite <- (Rmult_1_l (sum _ _)), Ropp_mult_distr_l, <- sum_scale.
  apply sum_nonnegative. intros i Hi. rewrite log_of_softmin by exact Hn.
  pose proof (log_margin_at_most_each_margin n m i Hi). pose proof (softmin_positive n m i Hn). nra.
Qed.

(* W10 and W13 corrected: for two samples or more, u < m i for every i, and the entropy is positive. *)
Theorem log_margin_below_each_margin n m i : (2 <= n)%nat -> (i < n)%nat -> log_margin n m < m i.
Proof.
  intros Hn Hi. unfold log_margin. rewrite <- (Ropp_involutive (m i)). apply Ropp_lt_contravar.
  rewrite <- (ln_exp (- m i)). apply ln_increasing; [ apply exp_pos | ].
  assert (H : forall k, (i < k)%nat -> (2 <= k)%nat -> exp (- m i) < loss k m); [ | now apply H ].
  induction k; intros Hk H2; [ lia | ]. unfold loss in *. simpl.
  pose proof (exp_pos (- m k)).
  destruct (Nat.eq_dec i k) as [-> | ].
  - assert (0 < sum k (fun i => exp (- m i))) by (apply (loss_positive k m); lia). lra.
  - destruct (Nat.eq_dec k 1) as [-> | ].
    + assert (i = 0%nat) as -> by lia. simpl. lra.
    + assert (exp (- m i) < sum k (fun i => exp (- m i))) by (apply IHk; lia). lra.
Qed.

Theorem entropy_is_positive n m : (2 <= n)%nat -> 0 < entropy n (softmin n m).
Proof.
  intros Hn. unfold entropy. rewrite <- (Rmult_1_l (sum _ _)), Ropp_mult_distr_l, <- sum_scale.
  assert (Hterm : forall i, (i < n)%nat -> 0 < - (1) * (softmin n m i * ln (softmin n m i))).
  { intros i Hi. rewrite log_of_softmin by lia.
    pose proof (log_margin_below_each_margin n m i Hn Hi). pose proof (softmin_positive n m i ltac:(lia)). nra. }
  apply (Rlt_le_trans _ _ _ (Hterm 0%nat ltac:(lia))).
  apply (term_at_most_sum n (fun i => - (1) * (softmin n m i * ln (softmin n m i)))); [ | lia ].
  intros i Hi. apply Rlt_le, Hterm, Hi.
Qed.

Theorem entropy_is_at_most_log_n n m : (0 < n)%nat -> entropy n (softmin n m) <= ln (INR n).
Proof.
  intros Hn. assert (HN : 0 < INR n) by now apply lt_0_INR.
  assert (G : forall x, 0 < x -> ln x <= x - 1).
  { intros x Hx. pose proof (exp_ineq1_le (ln x)) as H. rewrite exp_ln in H by exact Hx. lra. }
  assert (Hsum : sum n (fun i => softmin n m i * (- ln (softmin n m i) - ln (INR n)))
    <= sum n (fun i => / INR n - softmin n m i)).
  { apply sum_monotone. intros i Hi. pose proof (softmin_positive n m i Hn) as Hp.
    assert (Hpos : 0 < / (INR n * softmin n m i)) by (apply Rinv_0_lt_compat; nra).
    pose proof (G _ Hpos) as H. rewrite ln_Rinv, ln_mult in H by nra.
    apply (Rmult_le_compat_l (softmin n m i)) in H; [ | lra ].
    replace (softmin n m i * (/ (INR n * softmin n m i) - 1)) with (/ INR n - softmin n m i) in H by (field; lra).
    replace (- (ln (INR n) + ln (softmin n m i))) with (- ln (softmin n m i) - ln (INR n)) in H by ring. exact H. }
  rewrite sum_minus, softmin_sums_to_one, sum_constant, Rinv_r in Hsum by lra || assumption.
  assert (E : sum n (fun i => softmin n m i * (- ln (softmin n m i) - ln (INR n)))
    = entropy n (softmin n m) - ln (INR n)).
  { rewrite (sum_extensional n _ (fun i => - (1) * (softmin n m i * ln (softmin n m i)) - ln (INR n) * softmin n m i))
      by (intros; ring).
    rewrite sum_minus, !sum_scale, softmin_sums_to_one by exact Hn. unfold entropy. ring. }
  lra.
Qed.

(* B10, the inequality and the sharp form, for v = sum p_i s_i. *)
Theorem lemma_4 d n L m w (s : nat -> vector) :
  (0 < n)%nat -> 0 <= L -> (forall i, (i < n)%nat -> dot d (s i) w = L * m i) ->
  let v := fun j => sum n (fun i => softmin n m i * s i j) in
  dot d v w = L * (log_margin n m + entropy n (softmin n m)) /\ L * log_margin n m <= dot d v w.
Proof.
  intros Hn HL Hs v.
  assert (E : dot d v w = L * (log_margin n m + entropy n (softmin n m))).
  { unfold v. rewrite dot_combination_left, <- mean_margin_is_log_margin_plus_entropy, <- sum_scale by exact Hn.
    apply sum_extensional. intros i Hi. rewrite Hs by exact Hi. ring. }
  split; [ exact E | ]. rewrite E. pose proof (entropy_is_not_negative n m Hn). nra.
Qed.

Lemma slope_of_log_margin n L (m : vector -> vector) u :
  (0 < n)%nat -> (forall i, homogeneous L (fun w => m w i)) ->
  derivable_pt_lim (fun t => log_margin n (m (fun j => u j + t * u j))) 0
    (L * sum n (fun i => softmin n (m u) i * m u i)).
Proof.
  intros Hn Hm. pose proof (loss_positive n (m u) Hn) as Hpos.
  assert (E : (fun j => u j + 0 * u j) = u) by (apply equal_vectors; intros; ring).
  assert (Hloss : derivable_pt_lim (fun t => loss n (m (fun j => u j + t * u j))) 0
    (sum n (fun i => exp (- m u i) * - (L * m u i)))).
  { apply (derivative_of_sum n (fun t i => exp (- m (fun j => u j + t * u j) i))). intros i _.
    pose proof (derivable_pt_lim_opp _ _ _ (slope_along_the_ray L (fun w => m w i) u (Hm i))) as H.
    pose proof (derivable_pt_lim_comp _ exp _ _ _ H (derivable_pt_lim_exp _)) as H'.
    unfold opp_fct, comp in H'. rewrite E in H'. exact H'. }
  assert (Hln : derivable_pt_lim ln (loss n (m (fun j => u j + 0 * u j))) (/ loss n (m u))).
  { rewrite E. apply derivable_pt_lim_ln, Hpos. }
  pose proof (derivable_pt_lim_opp _ _ _ (derivable_pt_lim_comp _ ln _ _ _ Hloss Hln)) as H.
  replace (L * sum n (fun i => softmin n (m u) i * m u i))
    with (- (/ loss n (m u) * sum n (fun i => exp (- m u i) * - (L * m u i)))); [ exact H | ].
  rewrite Ropp_mult_distr_l, <- !sum_scale. apply sum_extensional. intros i _. unfold softmin. field. lra.
Qed.

(* B10 for every element of the Clarke differential of u(m(w)), the chain rule not used. *)
Theorem lemma_4_for_every_clarke_subgradient d n L (m : vector -> vector) w v :
  (0 < n)%nat -> 0 <= L ->
  (forall i, homogeneous L (fun w => m w i)) -> (forall i, (i < n)%nat -> continuous_at d (fun w => m w i) w) ->
  clarke d (fun w => log_margin n (m w)) w v ->
  dot d v w = L * (log_margin n (m w) + entropy n (softmin n (m w))) /\ L * log_margin n (m w) <= dot d v w.
Proof.
  intros Hn HL Hm Hcont Hv. pose proof (loss_positive n (m w) Hn) as Hpos.
  assert (E : dot d v w = L * sum n (fun i => softmin n (m w) i * m w i)).
  { revert v Hv.
    apply (every_clarke_subgradient_has_the_slope d (fun w => log_margin n (m w)) (fun u => u)
      (fun u => L * sum n (fun i => softmin n (m u) i * m u i)) w).
    - intros u. now apply slope_of_log_margin.
    - intros i Hi x Hx. apply Hx, Hi.
    - intros x Hx.
      assert (Hexp : forall i, (i < n)%nat -> Un_cv (fun k => exp (- m (x k) i)) (exp (- m w i))).
      { intros i Hi. apply (continuity_seq exp (fun k => - m (x k) i)); [ apply derivable_continuous, derivable_exp | ].
        apply (CV_opp (fun k => m (x k) i)), Hcont; assumption. }
      assert (Hl : Un_cv (fun k => loss n (m (x k))) (loss n (m w)))
        by (apply (limit_of_sum n (fun k i => exp (- m (x k) i))); exact Hexp).
      assert (Hinv : Un_cv (fun k => / loss n (m (x k))) (/ loss n (m w))).
      { apply (continuity_seq (fun z => / z) (fun k => loss n (m (x k)))); [ | exact Hl ].
        apply (continuity_pt_inv id); [ apply derivable_continuous_pt, derivable_pt_id | unfold id; lra ]. }
      apply (CV_mult (fun _ => L) (fun k => sum n (fun i => softmin n (m (x k)) i * m (x k) i)));
        [ apply limit_of_constant | ].
      apply (limit_of_sum n (fun k i => softmin n (m (x k)) i * m (x k) i)). intros i Hi.
      apply (CV_mult (fun k => softmin n (m (x k)) i) (fun k => m (x k) i)); [ | apply Hcont; assumption ].
      apply (CV_mult (fun k => exp (- m (x k) i)) (fun k => / loss n (m (x k)))); [ apply Hexp, Hi | exact Hinv ]. }
  rewrite mean_margin_is_log_margin_plus_entropy in E by exact Hn.
  split; [ exact E | ]. rewrite E. pose proof (entropy_is_not_negative n (m w) Hn). nra.
Qed.

(* W13 corrected: with two samples or more Lemma 4 is strict, and the gap is at most L ln n. *)
Theorem lemma_4_is_strict d n L (m : vector -> vector) w v :
  (2 <= n)%nat -> 0 < L ->
  (forall i, homogeneous L (fun w => m w i)) -> (forall i, (i < n)%nat -> continuous_at d (fun w => m w i) w) ->
  clarke d (fun w => log_margin n (m w)) w v ->
  L * log_margin n (m w) < dot d v w <= L * log_margin n (m w) + L * ln (INR n).
Proof.
  intros Hn HL Hm Hcont Hv.
  destruct (lemma_4_for_every_clarke_subgradient d n L m w v ltac:(lia) ltac:(lra) Hm Hcont Hv) as [E _].
  pose proof (entropy_is_positive n (m w) Hn). pose proof (entropy_is_at_most_log_n n (m w) ltac:(lia)).
  rewrite E. split; nra.
Qed.

(* All of the above in one value, so that all axioms are printed once. *)
Definition theorems := (log_margin_inverts_the_loss, log_margin_at_most_each_margin, log_margin_at_least,
  soft_margin_bounds, separability, margin_of_the_normalised_weights, mean_margin_is_log_margin_plus_entropy,
  entropy_is_not_negative, log_margin_below_each_margin, entropy_is_positive, entropy_is_at_most_log_n, lemma_4,
  lemma_4_for_every_clarke_subgradient, lemma_4_is_strict).
Print Assumptions theorems.
