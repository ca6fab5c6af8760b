(* From the chain rule to the flow of steepest descent.

   Catalogue: A13 (the velocity is the negative of the shortest element), A14 (dR/dt = - min |v|^2, pointwise, and
   integrated where the velocity is continuous), A15 (the bound on min over time), E2, and E1 = W1 (the chain rule with
   the minus sign is refuted by R = w^2 / 2).

   The set V is any set of vectors, convex or not (in the lectures: the Clarke differential of the risk at w(t)); w'
   is the velocity. The chain rule itself, <v, w'> = dR/dt for all v in V, is a hypothesis here: for path-
   differentiable risks it is cited, for almost every t. *)

From Coq Require Import Reals Lra Lia Psatz.
Set Warnings "-ambiguous-paths".
From Coquelicot Require Import Coquelicot.
From Symflow Require Import finite_sums.
Open Scope R_scope.

Definition opposite (u : vector) : vector := fun i => - u i.

Lemma dot_opposite d u v : dot d (opposite u) v = - dot d u v.
Proof.
  unfold dot, opposite. rewrite <- (Rmult_1_l (sum d (fun i => u i * v i))), Ropp_mult_distr_l, <- sum_scale.
  apply sum_extensional. intros. ring.
Qed.

(* A13 and the integrand of A14. *)
Theorem chain_rule_gives_minimal_norm d (V : vector -> Prop) w' slope :
  (forall v, V v -> dot d v w' = slope) -> V (opposite w') ->
  slope = - (norm d w' * norm d w') /\
  (forall v, V v -> norm d w' <= norm d v) /\
  (forall v, V v -> norm d v = norm d w' -> forall i, (i < d)%nat -> v i = - w' i).
Proof.
  intros Hchain Hin.
  assert (Hslope : slope = - (norm d w' * norm d w')).
  { rewrite <- (Hchain _ Hin), dot_opposite, norm_square. reflexivity. }
  assert (Hexpand : forall v, V v -> dot d (fun i => v i + 1 * w' i) (fun i => v i + 1 * w' i)
    = dot d v v - dot d w' w').
  { intros v Hv. rewrite square_expansion, (Hchain v Hv), Hslope, norm_square. ring. }
  split; [ exact Hslope | split ].
  - intros v Hv. apply sqrt_le_1_alt.
    pose proof (dot_square_nonnegative d (fun i => v i + 1 * w' i)). rewrite Hexpand in H by exact Hv. lra.
  - intros v Hv Hnorm i Hi.
    assert (Z : dot d (fun i => v i + 1 * w' i) (fun i => v i + 1 * w' i) = 0).
    { rewrite Hexpand by exact Hv. rewrite <- !norm_square, Hnorm. ring. }
    pose proof (dot_square_zero d _ Z i Hi) as Hz. simpl in Hz. lra.
Qed.

(* E1: with R = w^2 / 2 and w' = - w the derivative of R is <v, w'> = - w^2, and not its negative. *)
Theorem chain_rule_with_a_minus_is_false :
  exists w : R -> R, (forall t, derivable_pt_lim w t (- w t)) /\
    derivable_pt_lim (fun t => w t * w t / 2) 0 (w 0 * - w 0) /\ w 0 * - w 0 <> - (w 0 * - w 0).
Proof.
  exists (fun t => exp (- t)). repeat split.
  - intros t. apply is_derive_Reals. auto_derive; [ exact I | ring ].
  - apply is_derive_Reals. auto_derive; [ exact I | field ].
  - rewrite Ropp_0, exp_0. lra.
Qed.

(* A14: R(w(t)) - R(w(0)) = - integral of |w'|^2, where |w'|^2 is continuous in time. *)
Theorem risk_falls_by_the_integral (risk speed2 : R -> R) a b :
  (forall s, Rmin a b <= s <= Rmax a b -> is_derive risk s (- speed2 s)) ->
  (forall s, Rmin a b <= s <= Rmax a b -> continuous speed2 s) ->
  risk b - risk a = - RInt speed2 a b.
Proof.
  intros Hd Hc.
  assert (Hint : ex_RInt speed2 a b) by (apply (ex_RInt_continuous (V := R_CompleteNormedModule)), Hc).
  assert (H : is_RInt (fun s => opp (speed2 s)) a b (minus (risk b) (risk a))).
  { apply (is_RInt_derive (V := R_CompleteNormedModule) risk (fun s => opp (speed2 s))); [ exact Hd | ].
    intros s Hs. apply (continuous_opp (V := R_NormedModule) speed2), Hc, Hs. }
  pose proof (RInt_correct (V := R_CompleteNormedModule) speed2 a b Hint) as H'.
  apply (is_RInt_opp (V := R_NormedModule)) in H'.
  apply (is_RInt_unique (V := R_CompleteNormedModule)) in H, H'.
  pose proof (eq_trans (eq_sym H') H) as E. change (- RInt speed2 a b = risk b + - risk a) in E. lra.
Qed.

(* A15 from A14, for any integrable [shortest2 s] = min of |v|^2 at time s: a number below all its values is below
   the mean loss of risk. *)
Theorem stationarity_bound (shortest2 : R -> R) t risk0 riskt m :
  0 < t -> is_RInt shortest2 0 t (risk0 - riskt) -> (forall s, 0 < s < t -> m <= shortest2 s) ->
  m <= (risk0 - riskt) / t.
Proof.
  intros Ht Hint Hm.
  assert (H : is_RInt (fun _ => m) 0 t (t * m)).
  { replace (t * m) with ((t - 0) * m) by ring. exact (is_RInt_const (V := R_NormedModule) 0 t m). }
  pose proof (is_RInt_le (fun _ => m) shortest2 0 t (t * m) (risk0 - riskt) (Rlt_le _ _ Ht) H Hint Hm) as Hle.
  apply (Rmult_le_reg_r t); [ exact Ht | ]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. lra.
Qed.

(* A15 along a flow that is differentiable at every time: some time attains the mean. *)
Theorem stationarity_is_attained (risk speed2 : R -> R) t :
  0 < t -> (forall s, 0 <= s <= t -> derivable_pt_lim risk s (- speed2 s)) ->
  exists s, 0 < s < t /\ speed2 s = (risk 0 - risk t) / t.
Proof.
  intros Ht H. destruct (MVT_cor2 risk (fun s => - speed2 s) 0 t Ht H) as (s & Hs & Hin).
  exists s. split; [ exact Hin | ]. rewrite Rminus_0_r in Hs. apply (Rmult_eq_reg_r t); [ | lra ].
  unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. lra.
Qed.

(* All of the above in one value, so that all axioms are printed once. *)
Definition theorems := (chain_rule_gives_minimal_norm, chain_rule_with_a_minus_is_false, risk_falls_by_the_integral,
  stationarity_bound, stationarity_is_attained).
Print Assumptions theorems.
