(* The chain rule of nonsmooth risks, at one time: why <v, w'> is the same for every v.

   Catalogue: A12 with its sign corrected (E1), and A13 for selections of differentiable pieces.

   Let R(w(s)), for s near t, be at each s the value R_c(w(s)) of one of finitely many pieces c = 0, ..., k - 1 that
   all agree with R at w(t) and have gradients g_c there (the pieces of a ReLU risk are polynomials). Let w be
   differentiable at t, and let t be for no two pieces an isolated time of agreement. Then d/dt R(w(t)) exists and is
   <v, w'>, with a plus, for every v in the hull of the g_c; and if -w' is in the hull it is the shortest element.

   Isolated times of agreement of two pieces are at most countably many, and an absolutely continuous w is
   differentiable almost everywhere, so that this holds at almost every time: these two facts are not proved here,
   nor that the hull of the g_c is the Clarke differential where c runs over the cells that meet w(t). *)

From Coq Require Import Reals Lra Lia Psatz.
From Symflow Require Import finite_sums clarke_differential minimal_norm chain_rule_gives_minimal_norm.
Open Scope R_scope.

Lemma one_delta_for_all k (P : nat -> R -> Prop) :
  (forall c, (c < k)%nat -> exists delta, 0 < delta /\ forall h, Rabs h < delta -> P c h) ->
  exists delta, 0 < delta /\ forall c h, (c < k)%nat -> Rabs h < delta -> P c h.
Proof.
  induction k; intros H; [ exists 1; split; [ lra | intros; lia ] | ].
  destruct IHk as (d1 & Hd1 & H1); [ auto with arith | ].
  destruct (H k ltac:(lia)) as (d2 & Hd2 & H2).
  exists (Rmin d1 d2). split; [ apply Rmin_glb_lt; assumption | ]. intros c h Hc Hh.
  pose proof (Rmin_l d1 d2). pose proof (Rmin_r d1 d2).
  destruct (Nat.eq_dec c k) as [-> | ]; [ apply H2; lra | apply H1; [ lia | lra ] ].
Qed.

Lemma norm_at_most_sum d u : norm d u <= sum d (fun i => Rabs (u i)).
Proof.
  apply Rsqr_incr_0_var; [ | apply sum_nonnegative; intros; apply Rabs_pos ].
  unfold Rsqr. rewrite norm_square. unfold dot. induction d; simpl; [ lra | ].
  assert (0 <= sum d (fun i => Rabs (u i))) by (apply sum_nonnegative; intros; apply Rabs_pos).
  assert (Rabs (u d) * Rabs (u d) = u d * u d) by (rewrite <- Rabs_mult; apply Rabs_pos_eq; nra).
  pose proof (Rabs_pos (u d)). nra.
Qed.

(* The chain rule of a differentiable function along a differentiable curve. *)
Theorem slope_along_a_curve d f (w : R -> vector) w' t g :
  gradient_at d f (w t) g -> (forall i, (i < d)%nat -> derivable_pt_lim (fun s => w s i) t (w' i)) ->
  derivable_pt_lim (fun s => f (w s)) t (dot d g w').
Proof.
  intros Hg Hw e He.
  set (C := sum d (fun i => Rabs (w' i) + 1) + 1).
  assert (HC : 0 < C).
  { assert (0 <= sum d (fun i => Rabs (w' i) + 1)); [ | unfold C; lra ].
    apply sum_nonnegative. intros i _. pose proof (Rabs_pos (w' i)). lra. }
  destruct (Hg (e / (2 * C))) as (rho & Hrho & Hclose); [ apply Rdiv_lt_0_compat; lra | ].
  assert (Hlinear : derivable_pt_lim (fun s => dot d g (w s)) t (dot d g w')).
  { unfold dot. apply (derivative_of_sum d (fun s i => g i * w s i)). intros i Hi.
    apply (derivable_pt_lim_scal (fun s => w s i)), Hw, Hi. }
  destruct (Hlinear (e / 2)) as [d1 Hd1]; [ lra | ].
  destruct (one_delta_for_all d (fun i h => Rabs (w (t + h) i - w t i) <= (Rabs (w' i) + 1) * Rabs h))
    as (d2 & Hd2 & Hgrow).
  { intros i Hi. destruct (Hw i Hi 1) as [del Hdel]; [ lra | ]. exists del. split; [ apply cond_pos | ]. intros h Hh.
    destruct (Req_dec h 0) as [-> | Hne]; [ rewrite Rplus_0_r, Rminus_eq_0, Rabs_R0; lra | ].
    specialize (Hdel h Hne Hh).
    replace (w (t + h) i - w t i) with ((w (t + h) i - w t i) / h * h) by (field; exact Hne).
    rewrite Rabs_mult. apply Rmult_le_compat_r; [ apply Rabs_pos | ].
    replace ((w (t + h) i - w t i) / h) with ((w (t + h) i - w t i) / h - w' i + w' i) by ring.
    eapply Rle_trans; [ apply Rabs_triang | lra ]. }
  assert (Hdel : 0 < Rmin d1 (Rmin d2 (rho / C))).
  { repeat apply Rmin_glb_lt; [ apply cond_pos | exact Hd2 | now apply Rdiv_lt_0_compat ]. }
  exists (mkposreal _ Hdel). simpl. intros h Hh Hlt.
  pose proof (Rmin_l d1 (Rmin d2 (rho / C))). pose proof (Rmin_r d1 (Rmin d2 (rho / C))).
  pose proof (Rmin_l d2 (rho / C)). pose proof (Rmin_r d2 (rho / C)).
  set (D := fun i => w (t + h) i - w t i).
  assert (Hp : 0 < Rabs h) by now apply Rabs_pos_lt.
  assert (HD : norm d D <= C * Rabs h).
  { eapply Rle_trans; [ apply norm_at_most_sum | ].
    apply (Rle_trans _ (sum d (fun i => Rabs h * (Rabs (w' i) + 1)))).
    - apply sum_monotone. intros i Hi. unfold D. rewrite Rmult_comm. apply Hgrow; [ exact Hi | lra ].
    - rewrite sum_scale. unfold C. nra. }
  assert (HDrho : norm d D < rho).
  { apply (Rle_lt_trans _ _ _ HD). replace rho with (C * (rho / C)) by (field; lra).
    apply Rmult_lt_compat_l; lra. }
  specialize (Hclose D HDrho). specialize (Hd1 h Hh ltac:(lra)).
  replace (fun i => w t i + D i) with (w (t + h)) in Hclose by (apply equal_vectors; intros; unfold D; ring).
  assert (Hdot : dot d g D = dot d g (w (t + h)) - dot d g (w t)).
  { unfold dot. rewrite <- sum_minus. apply sum_extensional. intros. unfold D. ring. }
  replace ((f (w (t + h)) - f (w t)) / h - dot d g w')
    with ((f (w (t + h)) - f (w t) - dot d g D) / h + ((dot d g (w (t + h)) - dot d g (w t)) / h - dot d g w'))
    by (rewrite Hdot; field; exact Hh).
  eapply Rle_lt_trans; [ apply Rabs_triang | ].
  assert (Rabs ((f (w (t + h)) - f (w t) - dot d g D) / h) <= e / 2); [ | lra ].
  unfold Rdiv at 1. rewrite Rabs_mult, Rabs_inv.
  apply (Rmult_le_reg_r (Rabs h)); [ exact Hp | ]. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
  apply (Rle_trans _ _ _ Hclose).
  replace (e / 2 * Rabs h) with (e / (2 * C) * (C * Rabs h)) by (field; lra).
  apply Rmult_le_compat_l; [ | exact HD ]. apply Rlt_le, Rdiv_lt_0_compat; lra.
Qed.

(* t is a limit of other times at which the two functions agree. *)
Definition agree_near (f h : R -> R) (t : R) : Prop :=
  forall e, 0 < e -> exists s, s <> t /\ Rabs (s - t) < e /\ f s = h s.

Theorem slopes_agree f h t l l' :
  f t = h t -> agree_near f h t -> derivable_pt_lim f t l -> derivable_pt_lim h t l' -> l = l'.
Proof.
  intros Ht Hagree Hf Hh.
  pose proof (derivable_pt_lim_minus f h t l l' Hf Hh) as H.
  destruct (Req_dec l l') as [ | Hne ]; [ assumption | exfalso ].
  destruct (H (Rabs (l - l'))) as [del Hd]; [ apply Rabs_pos_lt; lra | ].
  destruct (Hagree del (cond_pos del)) as (s & Hs & Hnear & Heq).
  specialize (Hd (s - t) ltac:(lra) Hnear). unfold minus_fct in Hd.
  replace (t + (s - t)) with s in Hd by ring. rewrite Heq, Ht in Hd.
  replace ((h s - h s - (h t - h t)) / (s - t) - (l - l')) with (- (l - l')) in Hd by (field; lra).
  rewrite Rabs_Ropp in Hd. lra.
Qed.

(* A12, corrected. *)
Theorem chain_rule_for_selections d k (piece : nat -> vector -> R) (g : nat -> vector) (risk : vector -> R)
    (w : R -> vector) w' t :
  (forall c, (c < k)%nat -> gradient_at d (piece c) (w t) (g c)) ->
  (forall c, (c < k)%nat -> piece c (w t) = risk (w t)) ->
  (exists delta, 0 < delta /\ forall s, Rabs (s - t) < delta ->
     exists c, (c < k)%nat /\ risk (w s) = piece c (w s)) ->
  (forall c c', (c < k)%nat -> (c' < k)%nat -> agree_near (fun s => piece c (w s)) (fun s => piece c' (w s)) t) ->
  (forall i, (i < d)%nat -> derivable_pt_lim (fun s => w s i) t (w' i)) ->
  forall v, in_hull d k g v -> derivable_pt_lim (fun s => risk (w s)) t (dot d v w').
Proof.
  intros Hg Hactive (delta & Hdelta & Hselect) Hagree Hw v Hv.
  assert (Hslope : forall c, (c < k)%nat -> derivable_pt_lim (fun s => piece c (w s)) t (dot d (g c) w'))
    by (intros c Hc; apply slope_along_a_curve; auto).
  assert (Hsame : forall c, (c < k)%nat -> dot d (g c) w' = dot d v w').
  { intros c Hc. destruct Hv as (lambda & _ & Hone & Hv).
    rewrite (dot_with_a_member d k g lambda v w' Hv).
    rewrite (sum_extensional k _ (fun j => dot d (g c) w' * lambda j)); [ rewrite sum_scale, Hone; ring | ].
    intros j Hj. rewrite Rmult_comm. f_equal.
    apply (slopes_agree (fun s => piece j (w s)) (fun s => piece c (w s)) t); auto.
    now rewrite !Hactive. }
  intros e He.
  destruct (one_delta_for_all k (fun c h =>
    h <> 0 -> Rabs ((piece c (w (t + h)) - piece c (w t)) / h - dot d (g c) w') < e)) as (d1 & Hd1 & Hclose).
  { intros c Hc. destruct (Hslope c Hc e He) as [del Hdel]. exists del. split; [ apply cond_pos | ]. auto. }
  assert (Hpos : 0 < Rmin d1 delta) by (apply Rmin_glb_lt; assumption).
  exists (mkposreal _ Hpos). simpl. intros h Hh Hlt.
  pose proof (Rmin_l d1 delta). pose proof (Rmin_r d1 delta).
  destruct (Hselect (t + h)) as (c & Hc & Hvalue); [ replace (t + h - t) with h by ring; lra | ].
  rewrite Hvalue, <- (Hactive c Hc), <- (Hsame c Hc). apply Hclose; [ exact Hc | lra | exact Hh ].
Qed.

(* A13 for selections: the velocity is the negative of the shortest element of the hull. *)
Theorem minimal_norm_for_selections d k (piece : nat -> vector -> R) (g : nat -> vector) (risk : vector -> R)
    (w : R -> vector) w' t :
  (forall c, (c < k)%nat -> gradient_at d (piece c) (w t) (g c)) ->
  (forall c, (c < k)%nat -> piece c (w t) = risk (w t)) ->
  (exists delta, 0 < delta /\ forall s, Rabs (s - t) < delta ->
     exists c, (c < k)%nat /\ risk (w s) = piece c (w s)) ->
  (forall c c', (c < k)%nat -> (c' < k)%nat -> agree_near (fun s => piece c (w s)) (fun s => piece c' (w s)) t) ->
  (forall i, (i < d)%nat -> derivable_pt_lim (fun s => w s i) t (w' i)) ->
  in_hull d k g (opposite w') ->
  derivable_pt_lim (fun s => risk (w s)) t (- (norm d w' * norm d w')) /\
  forall v, in_hull d k g v -> norm d w' <= norm d v /\
    (norm d v = norm d w' -> forall i, (i < d)%nat -> v i = - w' i).
Proof.
  intros Hg Hactive Hselect Hagree Hw Hin.
  pose proof (chain_rule_for_selections d k piece g risk w w' t Hg Hactive Hselect Hagree Hw) as Hchain.
  pose proof (Hchain _ Hin) as Hslope.
  destruct (chain_rule_gives_minimal_norm d (in_hull d k g) w' (dot d (opposite w') w')) as (Hs & Hmin & Huniq).
  - intros v Hv. eapply uniqueness_limite; [ apply Hchain, Hv | exact Hslope ].
  - exact Hin.
  - rewrite Hs in Hslope. split; [ exact Hslope | ]. intros v Hv. split; [ apply Hmin, Hv | apply Huniq, Hv ].
Qed.

(* All of the above in one value, so that all axioms are printed once. *)
Definition theorems := (slope_along_a_curve, slopes_agree, chain_rule_for_selections, minimal_norm_for_selections).
Print Assumptions theorems.
