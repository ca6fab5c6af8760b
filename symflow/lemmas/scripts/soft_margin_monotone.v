(* The soft margin of the exponential loss does not fall along the flow (Theorem 5), without the hypothesis w(0) = 0.

   Catalogue: B11 (pointwise, and along continuous flows that are differentiable except at finitely many times), B12,
   B13, B14, D1 (the norm grows), E20 (u(t) >= u(t0) > 0 is derived, not assumed).

   u = - ln sum exp(- m_i) with L-homogeneous margins m_i. The flow is w' = c v with v in the Clarke differential of
   u at w(t) and a rate c(t) >= 0: c = 1 is the flow of - ln sum exp(- m_i), and c = sum exp(- m_i) is the flow of the
   exponential loss itself. The chain rule d/dt u(w(t)) = <v, w'> is a hypothesis at the times that are not corners.
   Absolutely continuous flows with infinitely many corners are not covered, nor is the existence of a flow. *)

From Coq Require Import Reals Lra Lia Psatz List.
From Symflow Require Import finite_sums clarke_differential euler_along_the_ray piecewise_differentiable soft_margin.
Open Scope R_scope.

(* B12: |w'|^2 >= |w'| <w/|w|, w'> >= L u |w'| / |w|. *)
Theorem speed_of_the_log_margin d L u w w' :
  0 < norm d w -> L * u <= dot d w w' ->
  norm d w' * (dot d w w' / norm d w) <= norm d w' * norm d w' /\
  L * u * norm d w' / norm d w <= norm d w' * (dot d w w' / norm d w).
Proof.
  intros Hw Hlemma4. pose proof (norm_nonnegative d w') as Hp.
  pose proof (cauchy_schwarz_norm d w w') as Hcs. pose proof (Rle_abs (dot d w w')) as Habs.
  assert (Hi : 0 < / norm d w) by (apply Rinv_0_lt_compat, Hw).
  split.
  - apply Rmult_le_compat_l; [ exact Hp | ].
    apply (Rmult_le_reg_r (norm d w)); [ exact Hw | ].
    unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. lra.
  - replace (norm d w' * (dot d w w' / norm d w)) with (dot d w w' * (norm d w' * / norm d w)) by (unfold Rdiv; ring).
    replace (L * u * norm d w' / norm d w) with (L * u * (norm d w' * / norm d w)) by (unfold Rdiv; ring).
    apply Rmult_le_compat_r; [ nra | exact Hlemma4 ].
Qed.

(* The derivative of |w|. *)
Lemma derivative_of_the_norm d (w : R -> vector) t w' :
  (forall i, (i < d)%nat -> derivable_pt_lim (fun s => w s i) t (w' i)) -> 0 < norm d (w t) ->
  derivable_pt_lim (fun s => norm d (w s)) t (dot d (w t) w' / norm d (w t)).
Proof.
  intros Hd Hpos.
  assert (Hsq : 0 < dot d (w t) (w t)) by (rewrite <- norm_square; nra).
  pose proof (derivable_pt_lim_comp _ sqrt t _ _ (derivative_of_squared_norm d w t w' Hd)
    (derivable_pt_lim_sqrt _ Hsq)) as H.
  replace (dot d (w t) w' / norm d (w t)) with (/ (2 * sqrt (dot d (w t) (w t))) * (2 * dot d (w t) w')); [ exact H | ].
  unfold norm in *. field. lra.
Qed.

(* B13: the derivative of |w|^L is L |w|^(L-1) <w/|w|, w'>, at most L |w|^(L-1) |w'|. *)
Theorem speed_of_the_power_of_the_norm d L (w : R -> vector) t w' :
  0 <= L -> (forall i, (i < d)%nat -> derivable_pt_lim (fun s => w s i) t (w' i)) -> 0 < norm d (w t) ->
  derivable_pt_lim (fun s => Rpower (norm d (w s)) L) t
    (L * Rpower (norm d (w t)) (L - 1) * (dot d (w t) w' / norm d (w t))) /\
  L * Rpower (norm d (w t)) (L - 1) * (dot d (w t) w' / norm d (w t)) <= L * Rpower (norm d (w t)) (L - 1) * norm d w'.
Proof.
  intros HL Hd Hpos. split.
  - exact (derivable_pt_lim_comp _ (fun r => Rpower r L) t _ _ (derivative_of_the_norm d w t w' Hd Hpos)
      (derivable_pt_lim_power _ L Hpos)).
  - apply Rmult_le_compat_l.
    + apply Rmult_le_pos; [ exact HL | apply Rlt_le, exp_pos ].
    + apply (Rmult_le_reg_r (norm d (w t))); [ exact Hpos | ].
      unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra.
      pose proof (cauchy_schwarz_norm d (w t) w'). pose proof (Rle_abs (dot d (w t) w')). lra.
Qed.

(* B14, and B11 at one time: the quotient u / |w|^L has a derivative that is not negative. *)
Theorem the_soft_margin_does_not_fall_at_a_time d L (u : R -> R) (w : R -> vector) t w' c :
  0 <= L -> 0 <= c -> 0 < u t -> 0 < norm d (w t) ->
  (forall i, (i < d)%nat -> derivable_pt_lim (fun s => w s i) t (c * w' i)) ->
  derivable_pt_lim u t (c * dot d w' w') -> L * u t <= dot d w' (w t) ->
  let v := Rpower (norm d (w t)) L in
  let v' := L * Rpower (norm d (w t)) (L - 1) * (dot d (w t) (fun i => c * w' i) / norm d (w t)) in
  0 <= c * dot d w' w' * v - u t * v' /\
  derivable_pt_lim (fun s => u s / Rpower (norm d (w s)) L) t ((c * dot d w' w' * v - v' * u t) / Rsqr v).
Proof.
  intros HL Hc Hu Hn Hw Hut Hlemma4 v v'. split.
  - assert (Hv : v = norm d (w t) * Rpower (norm d (w t)) (L - 1)).
    { unfold v. replace L with (1 + (L - 1)) at 1 by ring. rewrite Rpower_plus, Rpower_1 by exact Hn. reflexivity. }
    set (P := Rpower (norm d (w t)) (L - 1)) in *. assert (HP : 0 < P) by apply exp_pos.
    set (N := norm d (w t)) in *. set (a := dot d w' (w t)) in *.
    assert (Ea : dot d (w t) (fun i => c * w' i) = c * a) by (unfold a; rewrite dot_scale_right, dot_symmetric; ring).
    assert (Hcs : a * a <= dot d w' w' * (N * N)) by (unfold N; rewrite norm_square; apply cauchy_schwarz).
    assert (Hkey : L * u t * a <= dot d w' w' * (N * N)).
    { apply (Rle_trans _ (a * a)); [ | exact Hcs ].
      assert (0 <= L * u t) by (apply Rmult_le_pos; lra). apply Rmult_le_compat_r; lra. }
    unfold v'. rewrite Hv, Ea.
    replace (c * dot d w' w' * (N * P) - u t * (L * P * (c * a / N)))
      with (c * P * / N * (dot d w' w' * (N * N) - L * u t * a)) by (field; lra).
    apply Rmult_le_pos; [ | lra ].
    apply Rmult_le_pos; [ apply Rmult_le_pos; lra | apply Rlt_le, Rinv_0_lt_compat, Hn ].
  - destruct (speed_of_the_power_of_the_norm d L w t (fun i => c * w' i) HL Hw Hn) as [Hv _].
    apply (derivable_pt_lim_div u (fun s => Rpower (norm d (w s)) L)); [ exact Hut | exact Hv | ].
    apply Rgt_not_eq, exp_pos.
Qed.

(* Margins vanish at 0, so that u > 0 keeps w away from 0. *)
Lemma no_weights_no_margin L f w :
  0 < L -> homogeneous L f -> (forall i, w i = 0) -> f w = 0.
Proof.
  intros HL H Hw. pose proof (H 2 w ltac:(lra)) as E.
  replace (fun i => 2 * w i) with w in E by (apply equal_vectors; intros i; rewrite Hw; ring).
  assert (1 < Rpower 2 L) by (rewrite <- (Rpower_O 2) by lra; apply Rpower_lt; lra). nra.
Qed.

Section Flow.

Variables (d n : nat) (L a b : R) (m : vector -> vector) (w w' : R -> vector) (c : R -> R) (corners : list R).

Let u (t : R) : R := log_margin n (m (w t)).

(* w is a continuous flow on [a, b], a solution except at the corners, where the chain rule holds. *)
Definition margin_flow : Prop :=
  (forall i, (i < d)%nat -> continuous_on a b (fun t => w t i)) /\ continuous_on a b u /\
  forall t, a < t < b -> ~ In t corners ->
    0 <= c t /\ clarke d (fun z => log_margin n (m z)) (w t) (w' t) /\
    (forall i, (i < d)%nat -> derivable_pt_lim (fun s => w s i) t (c t * w' t i)) /\
    (forall v, clarke d (fun z => log_margin n (m z)) (w t) v ->
       derivable_pt_lim u t (dot d v (fun i => c t * w' t i))).

Hypothesis n_positive : (0 < n)%nat.
Hypothesis L_positive : 0 < L.
Hypothesis margins_homogeneous : forall i, homogeneous L (fun z => m z i).
Hypothesis margins_continuous : forall i z, (i < n)%nat -> continuous_at d (fun z => m z i) z.
Hypothesis margins_read_d_coordinates : forall i z z', (forall j, (j < d)%nat -> z j = z' j) -> m z i = m z' i.
Hypothesis ordered : a <= b.
Hypothesis flow : margin_flow.

Lemma slope_of_u t : a < t < b -> ~ In t corners -> derivable_pt_lim u t (c t * dot d (w' t) (w' t)).
Proof.
  intros Ht Hin. destruct flow as (_ & _ & Hf). destruct (Hf t Ht Hin) as (_ & Hv & _ & Hchain).
  pose proof (Hchain (w' t) Hv) as H. now rewrite dot_scale_right in H.
Qed.

Lemma the_log_margin_does_not_fall t : a <= t <= b -> u a <= u t.
Proof.
  intros Ht. destruct flow as (_ & Hu & Hf).
  apply (does_not_fall corners a t u (fun s => c s * dot d (w' s) (w' s))); [ lra | | | ].
  - apply (continuous_on_smaller a b); [ lra | lra | exact Hu ].
  - intros s Hs. apply slope_of_u. lra.
  - intros s Hs Hin. destruct (Hf s ltac:(lra) Hin) as (Hc & _).
    apply Rmult_le_pos; [ exact Hc | apply dot_square_nonnegative ].
Qed.

Lemma norm_positive t : 0 < u t -> 0 < norm d (w t).
Proof.
  intros Hu. destruct (norm_nonnegative d (w t)) as [ | E ]; [ assumption | exfalso ].
  assert (Hz : forall j, (j < d)%nat -> w t j = 0).
  { apply dot_square_zero. rewrite <- norm_square, <- E. ring. }
  pose proof (log_margin_at_most_each_margin n (m (w t)) 0 n_positive) as H.
  rewrite (margins_read_d_coordinates 0 (w t) (fun _ => 0) Hz) in H.
  rewrite (no_weights_no_margin L (fun z => m z 0%nat) (fun _ => 0)) in H by auto. unfold u in Hu. lra.
Qed.

(* D1: once u > 0 the norm of the weights grows. *)
Lemma the_norm_does_not_fall t : 0 < u a -> a <= t <= b -> norm d (w a) <= norm d (w t).
Proof.
  intros Hua Ht. destruct flow as (Hw & _ & Hf). apply sqrt_le_1_alt.
  apply (does_not_fall corners a t (fun s => dot d (w s) (w s)) (fun s => 2 * dot d (w s) (fun i => c s * w' s i)));
    [ lra | | | ].
  - apply squared_norm_is_continuous. intros i Hi. apply (continuous_on_smaller a b); [ lra | lra | apply Hw, Hi ].
  - intros s Hs Hin. destruct (Hf s ltac:(lra) Hin) as (_ & _ & Hd & _).
    now apply derivative_of_squared_norm.
  - intros s Hs Hin. destruct (Hf s ltac:(lra) Hin) as (Hc & Hv & _).
    pose proof (the_log_margin_does_not_fall s ltac:(lra)) as Hus.
    destruct (lemma_4_for_every_clarke_subgradient d n L m (w s) (w' s) n_positive (Rlt_le _ _ L_positive)
      margins_homogeneous (fun i => margins_continuous i (w s)) Hv) as [_ Hl].
    rewrite dot_scale_right, dot_symmetric. fold (u s) in Hl.
    assert (0 <= L * u s) by (apply Rmult_le_pos; lra).
    assert (0 <= c s * dot d (w' s) (w s)) by (apply Rmult_le_pos; lra). lra.
Qed.

Lemma the_soft_margin_does_not_fall :
  0 < u a -> soft_margin d n L (m (w a)) (w a) <= soft_margin d n L (m (w b)) (w b).
Proof.
  intros Hua. destruct flow as (Hw & Hu & Hf).
  assert (Hpos : forall t, a <= t <= b -> 0 < u t)
    by (intros t Ht; pose proof (the_log_margin_does_not_fall t Ht); lra).
  assert (Hnorm : continuous_on a b (fun t => norm d (w t))).
  { apply (continuous_on_compose a b (fun t => dot d (w t) (w t)) sqrt).
    - apply squared_norm_is_continuous, Hw.
    - intros t _. apply continuity_pt_sqrt, dot_square_nonnegative. }
  apply (does_not_fall corners a b (fun t => u t / Rpower (norm d (w t)) L)
    (fun t => (c t * dot d (w' t) (w' t) * Rpower (norm d (w t)) L
               - L * Rpower (norm d (w t)) (L - 1) * (dot d (w t) (fun i => c t * w' t i) / norm d (w t)) * u t)
              / Rsqr (Rpower (norm d (w t)) L))); [ exact ordered | | | ].
  - apply (continuous_on_times a b u (fun t => / Rpower (norm d (w t)) L)); [ exact Hu | ].
    apply (continuous_on_compose a b (fun t => norm d (w t)) (fun r => / Rpower r L) Hnorm).
    intros t Ht. apply (continuity_pt_inv (fun r => Rpower r L)); [ | apply Rgt_not_eq, exp_pos ].
    apply derivable_continuous_pt. exists (L * Rpower (norm d (w t)) (L - 1)).
    apply derivable_pt_lim_power, norm_positive, Hpos, Ht.
  - intros t Ht Hin. destruct (Hf t Ht Hin) as (Hc & Hv & Hd & _).
    apply (the_soft_margin_does_not_fall_at_a_time d L u w t (w' t) (c t)); try lra; try assumption.
    + apply Hpos. lra.
    + apply norm_positive, Hpos. lra.
    + apply slope_of_u; assumption.
    + now apply (lemma_4_for_every_clarke_subgradient d n L m (w t) (w' t)); auto; lra.
  - intros t Ht Hin. destruct (Hf t Ht Hin) as (Hc & Hv & Hd & _).
    assert (HL4 : L * u t <= dot d (w' t) (w t))
      by (now apply (lemma_4_for_every_clarke_subgradient d n L m (w t) (w' t)); auto; lra).
    destruct (the_soft_margin_does_not_fall_at_a_time d L u w t (w' t) (c t)) as [H _]; try lra; try assumption.
    + apply Hpos. lra.
    + apply norm_positive, Hpos. lra.
    + apply slope_of_u; assumption.
    + cbv zeta in H. apply Rmult_le_pos; [ lra | ]. apply Rlt_le, Rinv_0_lt_compat, Rsqr_pos_lt, Rgt_not_eq, exp_pos.
Qed.

End Flow.

(* The statements in full. *)
Theorem theorem_5 d n L a b m w w' c corners :
  (0 < n)%nat -> 0 < L -> (forall i, homogeneous L (fun z => m z i)) ->
  (forall i z, (i < n)%nat -> continuous_at d (fun z => m z i) z) ->
  (forall i z z', (forall j, (j < d)%nat -> z j = z' j) -> m z i = m z' i) ->
  a <= b -> margin_flow d n a b m w w' c corners -> 0 < log_margin n (m (w a)) ->
  soft_margin d n L (m (w a)) (w a) <= soft_margin d n L (m (w b)) (w b).
Proof. exact (the_soft_margin_does_not_fall d n L a b m w w' c corners). Qed.

(* E20: positive at the start, the log-margin stays so, and the weights do not shrink (D1). *)
Theorem log_margin_and_norm_along_the_flow d n L a b m w w' c corners t :
  (0 < n)%nat -> 0 < L -> (forall i, homogeneous L (fun z => m z i)) ->
  (forall i z, (i < n)%nat -> continuous_at d (fun z => m z i) z) ->
  margin_flow d n a b m w w' c corners -> 0 < log_margin n (m (w a)) -> a <= t <= b ->
  0 < log_margin n (m (w a)) <= log_margin n (m (w t)) /\ norm d (w a) <= norm d (w t).
Proof.
  intros Hn HL Hm Hc Hflow Hu Ht. repeat split; [ exact Hu | | ].
  - exact (the_log_margin_does_not_fall d n a b m w w' c corners Hflow t Ht).
  - exact (the_norm_does_not_fall d n L a b m w w' c corners Hn HL Hm Hc Hflow t Hu Ht).
Qed.

(* The hypotheses of Theorem 5 can be met: m(w) = w, one sample, and the flow w(t) = 1 + t of u(w) = w. *)
Theorem theorem_5_is_not_vacuous :
  exists m w w' c,
    (forall i, homogeneous 1 (fun z => m z i)) /\ (forall i z, continuous_at 1 (fun z => m z i) z) /\
    (forall i z z', (forall j, (j < 1)%nat -> z j = z' j) -> m z i = m z' i) /\
    margin_flow 1 1 0 1 m w w' c nil /\ 0 < log_margin 1 (m (w 0)) /\ norm 1 (w 0) < norm 1 (w 1).
Proof.
  set (m := fun (z : vector) (_ : nat) => z 0%nat).
  exists m, (fun t _ => 1 + t), (fun _ _ => 1), (fun _ => 1).
  assert (Hm : forall i, homogeneous 1 (fun z => m z i)) by (intros i a z Ha; unfold m; now rewrite Rpower_1).
  assert (Hu : forall z, log_margin 1 (m z) = z 0%nat).
  { intros z. unfold log_margin, loss, m. simpl. rewrite Rplus_0_l, ln_exp. ring. }
  assert (Hline : forall t, derivable_pt_lim (fun s => 1 + s) t 1).
  { intros t. pose proof (derivable_pt_lim_plus (fun _ => 1) id t 0 1 (derivable_pt_lim_const 1 t)
      (derivable_pt_lim_id t)) as H. rewrite Rplus_0_l in H. exact H. }
  assert (Hcont : forall z, continuous_at 1 (fun z => log_margin 1 (m z)) z).
  { intros z x Hx. rewrite Hu.
    apply (limit_extensional (fun n => x n 0%nat)); [ intros; now rewrite Hu | apply Hx; lia ]. }
  assert (Hmcont : forall i z, continuous_at 1 (fun z => m z i) z) by (intros i z x Hx; apply Hx; lia).
  assert (Hw : continuous_on 0 1 (fun t => 1 + t)).
  { intros t _ eps Heps. exists eps. split; [ exact Heps | ]. intros s _ Hs.
    replace (1 + s - (1 + t)) with (s - t) by ring. exact Hs. }
  split; [ exact Hm | split; [ exact Hmcont | split; [ intros i z z' H; apply H; lia | split ] ] ].
  - split; [ intros i _; exact Hw | split ].
    + intros t Ht eps Heps. destruct (Hw t Ht eps Heps) as (delta & Hdelta & H).
      exists delta. split; [ exact Hdelta | ]. intros s Hs Hst. rewrite !Hu. now apply H.
    + intros t Ht _. split; [ lra | split; [ | split ] ].
      * apply a_gradient_is_a_clarke_subgradient. intros eps Heps. exists 1. split; [ lra | ]. intros h _.
        rewrite !Hu. unfold dot. simpl.
        replace (1 + t + h 0%nat - (1 + t) - (0 + 1 * h 0%nat)) with 0 by ring. rewrite Rabs_R0.
        apply Rmult_le_pos; [ lra | apply norm_nonnegative ].
      * intros i _. rewrite Rmult_1_l. apply Hline.
      * intros v Hv.
        assert (E : dot 1 v (fun _ => 1 + t) = 1 * log_margin 1 (m (fun _ => 1 + t))).
        { apply (euler_for_every_clarke_subgradient 1 1 (fun z => log_margin 1 (m z))); [ | apply Hcont | exact Hv ].
          intros a z Ha. rewrite !Hu. now rewrite Rpower_1. }
        rewrite Hu in E. unfold dot in *. simpl in *.
        assert (Hv0 : v 0%nat = 1) by (apply (Rmult_eq_reg_r (1 + t)); lra).
        rewrite Hv0. replace (0 + 1 * (1 * 1)) with 1 by ring.
        apply (derivative_extensional (fun s => 1 + s)); [ intros; now rewrite Hu | apply Hline ].
  - rewrite Hu. split; [ lra | ]. unfold norm, dot. simpl. apply sqrt_lt_1_alt. lra.
Qed.

(* All of the above in one value, so that all axioms are printed once. *)
Definition theorems := (speed_of_the_log_margin, speed_of_the_power_of_the_norm,
  the_soft_margin_does_not_fall_at_a_time, theorem_5, log_margin_and_norm_along_the_flow, theorem_5_is_not_vacuous).
Print Assumptions theorems.
