(* Functions of time that are continuous, and differentiable except at finitely many times.

   The flows of ReLU nets turn corners when a preactivation changes sign; this is what the scripts on balancing, the
   soft margin and the flow from zero use in place of the fundamental theorem of calculus: where the derivative that
   exists is never negative the function does not fall, and where it is 0 the function is constant. (The lectures
   ask for absolutely continuous curves and a derivative almost everywhere; that is not proved here.) *)

From Coq Require Import Reals Lra Lia Psatz List.
From Symflow Require Import finite_sums.
Import ListNotations.
Open Scope R_scope.

(* Continuity of f as a function on [a, b]: at a and b one-sided. *)
Definition continuous_on (a b : R) (f : R -> R) : Prop :=
  forall t, a <= t <= b -> forall eps, 0 < eps ->
  exists delta, 0 < delta /\ forall s, a <= s <= b -> Rabs (s - t) < delta -> Rabs (f s - f t) < eps.

(* f' is the derivative of f at every time between a and b that is not in the list. *)
Definition derivative_except (corners : list R) (a b : R) (f f' : R -> R) : Prop :=
  forall t, a < t < b -> ~ In t corners -> derivable_pt_lim f t (f' t).

Lemma continuous_on_smaller a b a' b' f : a <= a' -> b' <= b -> continuous_on a b f -> continuous_on a' b' f.
Proof.
  intros Ha Hb H t Ht eps Heps. destruct (H t ltac:(lra) eps Heps) as (delta & Hdelta & Hf).
  exists delta. split; [ exact Hdelta | ]. intros s Hs. apply Hf. lra.
Qed.

Lemma continuous_on_constant a b c : continuous_on a b (fun _ => c).
Proof. intros t _ eps Heps. exists 1. split; [ lra | ]. intros. rewrite Rminus_eq_0, Rabs_R0. exact Heps. Qed.

Lemma continuous_on_compose a b f g :
  continuous_on a b f -> (forall t, a <= t <= b -> continuity_pt g (f t)) -> continuous_on a b (fun t => g (f t)).
Proof.
  intros Hf Hg t Ht eps Heps.
  destruct (Hg t Ht eps Heps) as (alpha & Halpha & Hlim).
  destruct (Hf t Ht alpha Halpha) as (delta & Hdelta & Hclose).
  exists delta. split; [ exact Hdelta | ]. intros s Hs Hst.
  destruct (Req_dec (f t) (f s)) as [E | Hne]; [ rewrite <- E, Rminus_eq_0, Rabs_R0; exact Heps | ].
  apply Hlim. split; [ split; [ exact I | exact Hne ] | apply Hclose; assumption ].
Qed.

Lemma continuous_on_plus a b f g :
  continuous_on a b f -> continuous_on a b g -> continuous_on a b (fun t => f t + g t).
Proof.
  intros Hf Hg t Ht eps Heps.
  destruct (Hf t Ht (eps / 2) ltac:(lra)) as (d1 & Hd1 & H1).
  destruct (Hg t Ht (eps / 2) ltac:(lra)) as (d2 & Hd2 & H2).
  exists (Rmin d1 d2). split; [ apply Rmin_glb_lt; assumption | ]. intros s Hs Hst.
  pose proof (Rmin_l d1 d2). pose proof (Rmin_r d1 d2).
  specialize (H1 s Hs ltac:(lra)). specialize (H2 s Hs ltac:(lra)).
  replace (f s + g s - (f t + g t)) with (f s - f t + (g s - g t)) by ring.
  eapply Rle_lt_trans; [ apply Rabs_triang | lra ].
Qed.

Lemma continuous_on_scale a b c f : continuous_on a b f -> continuous_on a b (fun t => c * f t).
Proof.
  intros Hf. apply (continuous_on_compose a b f (fun z => c * z) Hf). intros t _.
  apply derivable_continuous_pt. exists (c * 1). apply (derivable_pt_lim_scal id). apply derivable_pt_lim_id.
Qed.

Lemma continuous_on_square a b f : continuous_on a b f -> continuous_on a b (fun t => f t * f t).
Proof.
  intros Hf. apply (continuous_on_compose a b f (fun z => z * z) Hf). intros t _.
  apply derivable_continuous_pt. exists (1 * id (f t) + id (f t) * 1).
  apply (derivable_pt_lim_mult id id); apply derivable_pt_lim_id.
Qed.

Lemma continuous_on_times a b f g :
  continuous_on a b f -> continuous_on a b g -> continuous_on a b (fun t => f t * g t).
Proof.
  intros Hf Hg t Ht eps Heps.
  pose proof (continuous_on_scale a b (/ 4) _ (continuous_on_square a b _ (continuous_on_plus a b _ _ Hf Hg))) as H1.
  pose proof (continuous_on_scale a b (- / 4) _
    (continuous_on_square a b _ (continuous_on_plus a b _ _ Hf (continuous_on_scale a b (-1) _ Hg)))) as H2.
  destruct (continuous_on_plus a b _ _ H1 H2 t Ht eps Heps) as (delta & Hdelta & H).
  exists delta. split; [ exact Hdelta | ]. intros s Hs Hst. specialize (H s Hs Hst). simpl in H.
  replace (f s * g s - f t * g t)
    with (/ 4 * ((f s + g s) * (f s + g s)) + - / 4 * ((f s + -1 * g s) * (f s + -1 * g s)) -
          (/ 4 * ((f t + g t) * (f t + g t)) + - / 4 * ((f t + -1 * g t) * (f t + -1 * g t)))) by field.
  exact H.
Qed.

Lemma continuous_on_sum a b n (f : R -> vector) :
  (forall i, (i < n)%nat -> continuous_on a b (fun t => f t i)) -> continuous_on a b (fun t => sum n (f t)).
Proof.
  induction n; simpl; intros H; [ apply continuous_on_constant | ].
  apply (continuous_on_plus a b (fun t => sum n (f t)) (fun t => f t n)); auto with arith.
Qed.

Lemma does_not_fall_without_corners a b f f' :
  a <= b -> continuous_on a b f -> derivative_except [] a b f f' -> (forall t, a < t < b -> 0 <= f' t) -> f a <= f b.
Proof.
  intros Hab Hc Hd Hpos. destruct (Req_dec a b) as [-> | Hne]; [ lra | ].
  apply Rnot_lt_le. intros Hlt.
  set (eps := (f a - f b) / 2). assert (Heps : 0 < eps) by (unfold eps; lra).
  destruct (Hc a ltac:(lra) eps Heps) as (d1 & Hd1 & H1).
  destruct (Hc b ltac:(lra) eps Heps) as (d2 & Hd2 & H2).
  set (m := Rmin (Rmin d1 d2) (b - a) / 3).
  assert (Hm : 0 < m /\ m < d1 /\ m < d2 /\ 3 * m <= b - a).
  { pose proof (Rmin_l d1 d2). pose proof (Rmin_r d1 d2).
    pose proof (Rmin_l (Rmin d1 d2) (b - a)). pose proof (Rmin_r (Rmin d1 d2) (b - a)).
    assert (0 < Rmin (Rmin d1 d2) (b - a)) by (repeat apply Rmin_glb_lt; lra). unfold m. lra. }
  destruct (MVT_cor2 f f' (a + m) (b - m) ltac:(lra)) as (c & Hmean & Hinside).
  { intros t Ht. apply Hd; [ lra | intros [] ]. }
  pose proof (Hpos c ltac:(lra)) as Hc'.
  assert (0 <= f' c * (b - m - (a + m))) by (apply Rmult_le_pos; lra).
  specialize (H1 (a + m) ltac:(lra)). replace (a + m - a) with m in H1 by ring. rewrite Rabs_pos_eq in H1 by lra.
  specialize (H2 (b - m) ltac:(lra)). replace (b - m - b) with (- m) in H2 by ring.
  rewrite Rabs_Ropp, Rabs_pos_eq in H2 by lra.
  specialize (H1 ltac:(lra)). specialize (H2 ltac:(lra)).
  apply Rabs_def2 in H1. apply Rabs_def2 in H2. unfold eps in *. lra.
Qed.

Theorem does_not_fall corners a b f f' :
  a <= b -> continuous_on a b f -> derivative_except corners a b f f' ->
  (forall t, a < t < b -> ~ In t corners -> 0 <= f' t) -> f a <= f b.
Proof.
  revert a b. induction corners as [ | c others IH ]; intros a b Hab Hc Hd Hpos.
  - apply (does_not_fall_without_corners a b f f'); auto.
  - assert (Hpart : forall a' b', a <= a' -> a' <= b' -> b' <= b -> b' <= c \/ c <= a' -> f a' <= f b').
    { intros a' b' Ha' Hab' Hb' Hside. apply IH; [ exact Hab' | now apply (continuous_on_smaller a b) | | ].
      - intros t Ht Hin. apply Hd; [ lra | ]. intros [E | E]; [ lra | contradiction ].
      - intros t Ht Hin. apply Hpos; [ lra | ]. intros [E | E]; [ lra | contradiction ]. }
    destruct (Rlt_or_le a c), (Rlt_or_le c b); try (apply Hpart; lra).
    apply (Rle_trans _ (f c)); apply Hpart; lra.
Qed.

Theorem does_not_rise corners a b f f' :
  a <= b -> continuous_on a b f -> derivative_except corners a b f f' ->
  (forall t, a < t < b -> ~ In t corners -> f' t <= 0) -> f b <= f a.
Proof.
  intros Hab Hc Hd Hneg.
  assert (- 1 * f a <= - 1 * f b); [ | lra ].
  apply (does_not_fall corners a b (fun t => - 1 * f t) (fun t => - 1 * f' t)); [ exact Hab | | | ].
  - now apply continuous_on_scale.
  - intros t Ht Hin. apply (derivable_pt_lim_scal f), Hd; assumption.
  - intros t Ht Hin. pose proof (Hneg t Ht Hin). lra.
Qed.

Theorem is_constant corners a b f f' :
  a <= b -> continuous_on a b f -> derivative_except corners a b f f' ->
  (forall t, a < t < b -> ~ In t corners -> f' t = 0) -> f b = f a.
Proof.
  intros Hab Hc Hd Hzero. apply Rle_antisym.
  - apply (does_not_rise corners a b f f'); auto. intros. rewrite Hzero; auto; lra.
  - apply (does_not_fall corners a b f f'); auto. intros. rewrite Hzero; auto; lra.
Qed.

Lemma derivative_of_square f t l : derivable_pt_lim f t l -> derivable_pt_lim (fun s => f s * f s) t (2 * (f t * l)).
Proof.
  intros H. replace (2 * (f t * l)) with (l * f t + f t * l) by ring.
  apply (derivable_pt_lim_mult f f); exact H.
Qed.

Lemma derivative_of_squared_norm d (w : R -> vector) t w' :
  (forall i, (i < d)%nat -> derivable_pt_lim (fun s => w s i) t (w' i)) ->
  derivable_pt_lim (fun s => dot d (w s) (w s)) t (2 * dot d (w t) w').
Proof.
  intros H. unfold dot. rewrite <- sum_scale.
  apply (derivative_of_sum d (fun s i => w s i * w s i)). intros i Hi.
  apply (derivative_of_square (fun s => w s i)), H, Hi.
Qed.

Lemma squared_norm_is_continuous a b d (w : R -> vector) :
  (forall i, (i < d)%nat -> continuous_on a b (fun t => w t i)) -> continuous_on a b (fun t => dot d (w t) (w t)).
Proof.
  intros H. apply (continuous_on_sum a b d (fun t i => w t i * w t i)). intros i Hi.
  apply (continuous_on_square a b (fun t => w t i)), H, Hi.
Qed.

(* All of the above in one value, so that all axioms are printed once. *)
Definition theorems := (does_not_fall, does_not_rise, is_constant).
Print Assumptions theorems.
