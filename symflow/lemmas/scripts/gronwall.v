(* From w(0) = 0 nothing moves: Theorem 5 as printed is vacuous for nets with a hidden layer.

   Catalogue: E18, W11. Let the margins m_i be L-homogeneous with L >= 2 and locally Lipschitz at 0, and let w be a
   continuous curve with w(0) = 0 and w' = c v, v in the Clarke differential of u = - ln sum exp(- m_i) at w(t), |c|
   bounded, except at finitely many times. Then w(t) = 0 for all t: the soft margin, a quotient by |w|^L, is never
   defined. The same for every objective that is as flat at 0 as u is. The core is Gronwall's inequality: |w'| <= K |w|
   and w(0) = 0 give w = 0. *)

From Coq Require Import Reals Lra Lia Psatz List.
From Symflow Require Import finite_sums clarke_differential euler_along_the_ray piecewise_differentiable soft_margin.
Open Scope R_scope.

Theorem gronwall d corners T K (w w' : R -> vector) :
  (forall i, (i < d)%nat -> continuous_on 0 T (fun t => w t i)) ->
  (forall t, 0 < t < T -> ~ In t corners -> forall i, (i < d)%nat -> derivable_pt_lim (fun s => w s i) t (w' t i)) ->
  (forall t, 0 < t < T -> ~ In t corners -> norm d (w' t) <= K * norm d (w t)) ->
  (forall i, (i < d)%nat -> w 0 i = 0) ->
  forall t, 0 <= t <= T -> forall i, (i < d)%nat -> w t i = 0.
Proof.
  intros Hc Hd HK H0 t Ht.
  apply dot_square_zero. apply Rle_antisym; [ | apply dot_square_nonnegative ].
  assert (Hdecay : dot d (w t) (w t) * exp (- 2 * K * t) <= dot d (w 0) (w 0) * exp (- 2 * K * 0)).
  { apply (does_not_rise corners 0 t (fun s => dot d (w s) (w s) * exp (- 2 * K * s))
      (fun s => 2 * dot d (w s) (w' s) * exp (- 2 * K * s) + dot d (w s) (w s) * (exp (- 2 * K * s) * (- 2 * K * 1)))).
    - lra.
    - apply (continuous_on_times 0 t (fun s => dot d (w s) (w s)) (fun s => exp (- 2 * K * s))).
      + apply squared_norm_is_continuous. intros i Hi. apply (continuous_on_smaller 0 T); [ lra | lra | apply Hc, Hi ].
      + apply (continuous_on_compose 0 t (fun s => s) (fun s => exp (- 2 * K * s))).
        * intros s _ eps Heps. exists eps. split; [ exact Heps | ]. intros. assumption.
        * intros s _. apply derivable_continuous_pt. exists (exp (- 2 * K * s) * (- 2 * K * 1)).
          apply (derivable_pt_lim_comp (fun s => - 2 * K * s) exp); [ | apply derivable_pt_lim_exp ].
          apply (derivable_pt_lim_scal id), derivable_pt_lim_id.
    - intros s Hs Hin. apply (derivable_pt_lim_mult (fun s => dot d (w s) (w s)) (fun s => exp (- 2 * K * s))).
      + apply derivative_of_squared_norm, Hd; [ lra | exact Hin ].
      + apply (derivable_pt_lim_comp (fun s => - 2 * K * s) exp); [ | apply derivable_pt_lim_exp ].
        apply (derivable_pt_lim_scal id), derivable_pt_lim_id.
    - intros s Hs Hin. pose proof (exp_pos (- 2 * K * s)) as He.
      assert (dot d (w s) (w' s) <= K * dot d (w s) (w s)).
      { pose proof (cauchy_schwarz_norm d (w s) (w' s)) as Hcs. pose proof (Rle_abs (dot d (w s) (w' s))).
        pose proof (HK s ltac:(lra) Hin) as Hle. pose proof (norm_nonnegative d (w s)).
        rewrite <- norm_square. nra. }
      nra. }
  assert (Hz : dot d (w 0) (w 0) = 0).
  { unfold dot. rewrite (sum_extensional d _ (fun _ => 0)); [ apply sum_zero | ].
    intros i Hi. rewrite H0 by exact Hi. ring. }
  rewrite Hz, Rmult_0_l in Hdecay. pose proof (exp_pos (- 2 * K * t)). nra.
Qed.

(* On balls of radius rho <= M about 0 the function has the Lipschitz constant C rho. *)
Definition flat (d : nat) (M C : R) (f : vector -> R) : Prop :=
  0 <= C /\ forall rho x y, 0 < rho <= M -> norm d x < rho -> norm d y < rho ->
  Rabs (f x - f y) <= C * rho * norm d (fun i => x i - y i).

Lemma slope_is_bounded h l C delta :
  0 < delta -> (forall t, Rabs t < delta -> Rabs (h t - h 0) <= C * Rabs t) -> derivable_pt_lim h 0 l -> Rabs l <= C.
Proof.
  intros Hdelta Hh Hl. apply Rnot_lt_le. intros Hlt.
  destruct (Hl (Rabs l - C)) as [del Hd]; [ lra | ]. pose proof (cond_pos del) as Hp.
  set (t := Rmin del delta / 2).
  assert (Ht : 0 < t < del /\ t < delta).
  { assert (0 < Rmin del delta) by (apply Rmin_glb_lt; assumption).
    pose proof (Rmin_l del delta). pose proof (Rmin_r del delta). unfold t. lra. }
  specialize (Hd t ltac:(lra)). specialize (Hh t). rewrite Rabs_pos_eq in Hd, Hh by lra.
  specialize (Hd ltac:(lra)). specialize (Hh ltac:(lra)). rewrite Rplus_0_l in Hd.
  assert (Hq : Rabs ((h t - h 0) / t) <= C).
  { unfold Rdiv. rewrite Rabs_mult, Rabs_inv, (Rabs_pos_eq t) by lra.
    apply (Rmult_le_reg_r t); [ lra | ]. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra. lra. }
  assert (Rabs l <= Rabs ((h t - h 0) / t) + Rabs ((h t - h 0) / t - l)).
  { replace l with ((h t - h 0) / t - ((h t - h 0) / t - l)) at 1 by ring.
    unfold Rminus at 1. eapply Rle_trans; [ apply Rabs_triang | ]. rewrite Rabs_Ropp. lra. }
  lra.
Qed.

Lemma norm_of_a_sum d u v : norm d (fun i => u i + v i) <= norm d u + norm d v.
Proof.
  apply Rsqr_incr_0_var.
  - unfold Rsqr. rewrite norm_square.
    replace (fun i => u i + v i) with (fun i => u i + 1 * v i) by (apply equal_vectors; intros; ring).
    rewrite square_expansion, <- !norm_square.
    pose proof (cauchy_schwarz_norm d u v). pose proof (Rle_abs (dot d u v)). nra.
  - pose proof (norm_nonnegative d u). pose proof (norm_nonnegative d v). lra.
Qed.

Lemma gradient_of_a_flat_function d M C f u g :
  flat d M C f -> gradient_at d f u g -> norm d u < M -> norm d g <= C * norm d u.
Proof.
  intros [HC Hflat] Hg Hu.
  apply Rnot_lt_le. intros Hlt. pose proof (norm_nonnegative d u) as Hnu. pose proof (norm_nonnegative d g) as Hng.
  set (gap := norm d g - C * norm d u).
  set (rho := Rmin M (norm d u + gap / (2 * (C + 1)))).
  assert (Hgap : 0 < gap / (2 * (C + 1))) by (apply Rdiv_lt_0_compat; unfold gap; lra).
  assert (Hrho : norm d u < rho <= M) by (split; [ apply Rmin_glb_lt; lra | apply Rmin_l ]).
  assert (Hsmall : C * rho < norm d g).
  { assert (rho <= norm d u + gap / (2 * (C + 1))) by apply Rmin_r.
    assert (E : (C + 1) * (gap / (2 * (C + 1))) = gap / 2) by (field; lra).
    assert (C * rho <= C * norm d u + C * (gap / (2 * (C + 1))))
      by (rewrite <- Rmult_plus_distr_l; apply Rmult_le_compat_l; lra).
    unfold gap in *. nra. }
  assert (Hbound : Rabs (dot d g g) <= C * rho * norm d g).
  { apply (slope_is_bounded (fun t => f (fun i => u i + t * g i)) _ _ ((rho - norm d u) / (norm d g + 1))).
    - apply Rdiv_lt_0_compat; lra.
    - intros t Ht.
      assert (Htg : Rabs t * norm d g < rho - norm d u).
      { apply (Rmult_lt_compat_r (norm d g + 1)) in Ht; [ | lra ].
        unfold Rdiv in Ht. rewrite Rmult_assoc, Rinv_l, Rmult_1_r in Ht by lra. pose proof (Rabs_pos t). nra. }
      replace (fun i => u i + 0 * g i) with u by (apply equal_vectors; intros; ring).
      replace (C * rho * norm d g * Rabs t) with (C * rho * norm d (fun i => u i + t * g i - u i)).
      + apply Hflat; [ lra | | lra ].
        eapply Rle_lt_trans; [ apply norm_of_a_sum | ]. rewrite norm_scale. lra.
      + replace (fun i => u i + t * g i - u i) with (fun i => t * g i) by (apply equal_vectors; intros; ring).
        rewrite norm_scale. ring.
    - apply slope_along_a_line, Hg. }
  rewrite Rabs_pos_eq, <- norm_square in Hbound by apply dot_square_nonnegative.
  assert (0 <= C * norm d u) by (apply Rmult_le_pos; assumption).
  assert (C * rho * norm d g < norm d g * norm d g) by (apply Rmult_lt_compat_r; lra). lra.
Qed.

Theorem clarke_subgradients_of_a_flat_function d M C f w :
  flat d M C f -> norm d w < M -> forall s, clarke d f w s -> norm d s <= C * norm d w.
Proof.
  intros Hflat Hw.
  assert (HC : 0 <= C) by apply Hflat.
  assert (Hlim : forall s, limit_of_gradients d f w s -> norm d s <= C * norm d w).
  { intros s (points & gradients & Hg & Hp & Hs).
    apply Rsqr_incr_0_var; [ | apply Rmult_le_pos; [ exact HC | apply norm_nonnegative ] ].
    unfold Rsqr. rewrite norm_square.
    replace (C * norm d w * (C * norm d w)) with (C * C * dot d w w) by (rewrite <- norm_square; ring).
    destruct (norm_of_difference_tends_to_zero d points w Hp (M - norm d w)) as [N HN]; [ lra | ].
    apply (Rle_cv_lim (Un := fun n => dot d (gradients (n + N)%nat) (gradients (n + N)%nat))
      (Vn := fun n => C * C * dot d (points (n + N)%nat) (points (n + N)%nat))).
    - intros n. specialize (HN (n + N)%nat ltac:(lia)).
      assert (Hpn : norm d (points (n + N)%nat) < M).
      { pose proof (norm_of_a_sum d (fun i => points (n + N)%nat i - w i) w) as H.
        cbv beta in H.
        replace (fun i => points (n + N)%nat i - w i + w i) with (points (n + N)%nat) in H
          by (apply equal_vectors; intros; ring). lra. }
      pose proof (gradient_of_a_flat_function d M C f _ _ Hflat (Hg (n + N)%nat) Hpn) as H.
      rewrite <- !norm_square. set (p := norm d (points (n + N)%nat)) in *.
      replace (C * C * (p * p)) with (C * p * (C * p)) by ring.
      apply Rmult_le_compat; try apply norm_nonnegative; exact H.
    - apply (CV_shift' (fun n => dot d (gradients n) (gradients n))). now apply limit_of_dot.
    - apply (CV_mult (fun _ => C * C) (fun n => dot d (points (n + N)%nat) (points (n + N)%nat)));
        [ apply limit_of_constant | ].
      apply (CV_shift' (fun n => dot d (points n) (points n))). now apply limit_of_dot. }
  intros s (n & lambda & g & Hpos & Hone & HG & Hs).
  destruct (norm_nonnegative d s) as [Hp | <-]; [ | apply Rmult_le_pos; [ exact HC | apply norm_nonnegative ] ].
  apply (Rmult_le_reg_r (norm d s)); [ exact Hp | ]. rewrite norm_square.
  rewrite (dot_extensional d s (fun i => sum n (fun j => lambda j * g j i)) s s Hs) by auto.
  rewrite dot_combination_left.
  replace (C * norm d w * norm d s) with (sum n (fun j => C * norm d w * norm d s * lambda j))
    by (rewrite sum_scale, Hone; ring).
  apply sum_monotone. intros j Hj. rewrite (Rmult_comm _ (lambda j)).
  apply Rmult_le_compat_l; [ apply Hpos, Hj | ].
  apply (Rle_trans _ (norm d (g j) * norm d s)).
  - pose proof (cauchy_schwarz_norm d (g j) s). pose proof (Rle_abs (dot d (g j) s)). lra.
  - apply Rmult_le_compat_r; [ lra | apply Hlim, HG, Hj ].
Qed.

Lemma bounded_on_an_interval a b f : a <= b -> continuous_on a b f -> exists M, forall t, a <= t <= b -> f t < M.
Proof.
  intros Hab Hf.
  set (clamp := fun t => Rmax a (Rmin b t)).
  assert (Hin : forall t, a <= clamp t <= b).
  { intros t. unfold clamp, Rmax, Rmin. destruct (Rle_dec b t), (Rle_dec a b); try lra; destruct (Rle_dec a t); lra. }
  assert (Hid : forall t, a <= t <= b -> clamp t = t).
  { intros t Ht. unfold clamp. rewrite Rmin_right, Rmax_right; lra. }
  assert (Hlip : forall s t, Rabs (clamp s - clamp t) <= Rabs (s - t)).
  { intros s t. unfold clamp, Rmax, Rmin.
    destruct (Rle_dec b s), (Rle_dec b t); repeat destruct Rle_dec; unfold Rabs; repeat destruct Rcase_abs; lra. }
  destruct (continuity_ab_maj (fun t => f (clamp t)) a b Hab) as (m & Hm & _).
  - intros t _ eps Heps. destruct (Hf (clamp t) (Hin t) eps Heps) as (delta & Hdelta & Hclose).
    exists delta. split; [ exact Hdelta | ]. intros s [_ Hs]. apply Hclose; [ apply Hin | ].
    eapply Rle_lt_trans; [ apply Hlip | exact Hs ].
  - exists (f (clamp m) + 1). intros t Ht. pose proof (Hm t Ht) as H. rewrite (Hid t Ht) in H. lra.
Qed.

(* A flow of an objective that is flat at 0 does not leave 0. *)
Theorem nothing_moves_from_zero d f corners T B (w v : R -> vector) (c : R -> R) :
  (forall M, 0 < M -> exists C, flat d M C f) ->
  (forall i, (i < d)%nat -> continuous_on 0 T (fun t => w t i)) ->
  (forall t, 0 < t < T -> ~ In t corners ->
     clarke d f (w t) (v t) /\ Rabs (c t) <= B /\
     forall i, (i < d)%nat -> derivable_pt_lim (fun s => w s i) t (c t * v t i)) ->
  (forall i, (i < d)%nat -> w 0 i = 0) ->
  forall t, 0 <= t <= T -> forall i, (i < d)%nat -> w t i = 0.
Proof.
  intros Hflat Hw Hv H0 t Ht.
  assert (Hn : continuous_on 0 T (fun t => norm d (w t))).
  { apply (continuous_on_compose 0 T (fun t => dot d (w t) (w t)) sqrt).
    - apply squared_norm_is_continuous, Hw.
    - intros s _. apply continuity_pt_sqrt, dot_square_nonnegative. }
  destruct (bounded_on_an_interval 0 T _ ltac:(lra) Hn) as [M HM].
  assert (HM0 : 0 < M) by (pose proof (HM t Ht); pose proof (norm_nonnegative d (w t)); lra).
  destruct (Hflat M HM0) as [C HC].
  apply (gronwall d corners T (B * C) w (fun s i => c s * v s i)); try assumption.
  - intros s Hs Hin. now apply Hv.
  - intros s Hs Hin. destruct (Hv s Hs Hin) as (Hcl & HB & _).
    pose proof (clarke_subgradients_of_a_flat_function d M C f (w s) HC (HM s ltac:(lra)) (v s) Hcl) as Hle.
    rewrite norm_scale, Rmult_assoc.
    apply Rmult_le_compat; [ apply Rabs_pos | apply norm_nonnegative | exact HB | exact Hle ].
Qed.

Definition origin : vector := fun _ => 0.

(* On the ball of radius rho an L-homogeneous function has a Lipschitz constant K (rho / r)^(L - 1). *)
Lemma homogeneous_and_lipschitz d L f :
  homogeneous L f -> locally_lipschitz_at d f origin ->
  exists r K, 0 < r /\ 0 <= K /\ forall rho x y, 0 < rho -> norm d x < rho -> norm d y < rho ->
    Rabs (f x - f y) <= K * Rpower (rho / r) (L - 1) * norm d (fun i => x i - y i).
Proof.
  intros Hf (r & K & Hr & HK). exists r, (Rabs K). split; [ exact Hr | split; [ apply Rabs_pos | ] ].
  intros rho x y Hrho Hx Hy.
  set (a := r / rho). assert (Ha : 0 < a) by (apply Rdiv_lt_0_compat; assumption).
  assert (Hball : forall z, norm d z < rho -> norm d (fun i => a * z i - origin i) < r).
  { intros z Hz. replace (fun i => a * z i - origin i) with (fun i => a * z i)
      by (apply equal_vectors; intros; unfold origin; ring).
    rewrite norm_scale, Rabs_pos_eq by lra. replace r with (a * rho) by (unfold a; field; lra).
    apply Rmult_lt_compat_l; assumption. }
  pose proof (HK (fun i => a * x i) (fun i => a * y i) (Hball x Hx) (Hball y Hy)) as H.
  cbv beta in H. rewrite (Hf a x Ha), (Hf a y Ha) in H.
  replace (fun i => a * x i - a * y i) with (fun i => a * (x i - y i)) in H by (apply equal_vectors; intros; ring).
  rewrite norm_scale, (Rabs_pos_eq a), <- Rmult_minus_distr_l, Rabs_mult in H by lra.
  assert (HP : 0 < Rpower a L) by apply exp_pos. rewrite (Rabs_pos_eq (Rpower a L)) in H by lra.
  assert (Hsplit : a = Rpower a L * Rpower (rho / r) (L - 1)).
  { replace (rho / r) with (/ a) by (unfold a; field; lra).
    unfold Rpower at 2. rewrite ln_Rinv by exact Ha.
    replace ((L - 1) * - ln a) with (- (L * ln a) + ln a) by ring.
    rewrite exp_plus, exp_ln, exp_Ropp by exact Ha. fold (Rpower a L). field. lra. }
  apply (Rmult_le_reg_l (Rpower a L)); [ exact HP | ].
  replace (Rpower a L * (Rabs K * Rpower (rho / r) (L - 1) * norm d (fun i => x i - y i)))
    with (Rabs K * (Rpower a L * Rpower (rho / r) (L - 1) * norm d (fun i => x i - y i))) by ring.
  rewrite <- Hsplit. apply (Rle_trans _ _ _ H). apply Rmult_le_compat_r; [ | apply Rle_abs ].
  apply Rmult_le_pos; [ lra | apply norm_nonnegative ].
Qed.

Theorem homogeneous_of_degree_two_or_more_is_flat d L f M :
  2 <= L -> homogeneous L f -> locally_lipschitz_at d f origin -> 0 < M -> exists C, flat d M C f.
Proof.
  intros HL Hf Hlip HM. destruct (homogeneous_and_lipschitz d L f Hf Hlip) as (r & K & Hr & HK & H).
  exists (K * / r * Rpower (M / r) (L - 2)).
  assert (Hi : 0 < / r) by now apply Rinv_0_lt_compat.
  assert (HP : 0 < Rpower (M / r) (L - 2)) by apply exp_pos.
  split; [ apply Rmult_le_pos; [ apply Rmult_le_pos |]; lra | ].
  intros rho x y [Hrho HrhoM] Hx Hy. apply (Rle_trans _ _ _ (H rho x y Hrho Hx Hy)).
  apply Rmult_le_compat_r; [ apply norm_nonnegative | ].
  assert (Hq : 0 < rho / r) by now apply Rdiv_lt_0_compat.
  replace (L - 1) with (1 + (L - 2)) by ring. rewrite Rpower_plus, Rpower_1 by exact Hq.
  replace (K * / r * Rpower (M / r) (L - 2) * rho) with (K * (rho / r * Rpower (M / r) (L - 2))) by (unfold Rdiv; ring).
  apply Rmult_le_compat_l; [ exact HK | ]. apply Rmult_le_compat_l; [ lra | ].
  apply Rle_Rpower_l; [ lra | split; [ exact Hq | ] ]. apply Rmult_le_compat_r; lra.
Qed.

Lemma log_margin_rises_at_most n m m' delta :
  (0 < n)%nat -> (forall i, (i < n)%nat -> m i <= m' i + delta) -> log_margin n m <= log_margin n m' + delta.
Proof.
  intros Hn H. pose proof (loss_positive n m' Hn) as Hpos.
  assert (exp (- delta) * loss n m' <= loss n m) as Hle.
  { unfold loss. rewrite <- sum_scale. apply sum_monotone. intros i Hi. rewrite <- exp_plus.
    specialize (H i Hi). destruct (Rle_lt_or_eq_dec (- delta + - m' i) (- m i)) as [Hlt | <-]; [ lra | | lra ].
    apply Rlt_le, exp_increasing, Hlt. }
  apply ln_monotone in Hle; [ | apply Rmult_lt_0_compat; [ apply exp_pos | exact Hpos ] ].
  rewrite ln_mult, ln_exp in Hle by (try apply exp_pos; exact Hpos). unfold log_margin. lra.
Qed.

(* u is as flat as the margins are, since it moves by no more than the largest of them. *)
Theorem log_margin_is_flat d n L (m : vector -> vector) M :
  (0 < n)%nat -> 2 <= L -> (forall i, homogeneous L (fun z => m z i)) ->
  (forall i, (i < n)%nat -> locally_lipschitz_at d (fun z => m z i) origin) -> 0 < M ->
  exists C, flat d M C (fun z => log_margin n (m z)).
Proof.
  intros Hn HL Hm Hlip HM.
  assert (Hall : exists C, 0 <= C /\ forall i, (i < n)%nat -> flat d M C (fun z => m z i)).
  { clear Hn. induction n as [ | k IH ]; [ exists 0; split; [ lra | intros; lia ] | ].
    destruct IH as (C & HC & Hflat); [ auto with arith | ].
    destruct (homogeneous_of_degree_two_or_more_is_flat d L _ M HL (Hm k) (Hlip k ltac:(lia)) HM) as (C' & HC' & Hk).
    assert (Hmore : forall c f, flat d M c f -> c <= Rmax C C' -> flat d M (Rmax C C') f).
    { intros c f [Hc Hf] Hle. split; [ lra | ]. intros rho x y Hrho Hx Hy.
      apply (Rle_trans _ _ _ (Hf rho x y Hrho Hx Hy)).
      apply Rmult_le_compat_r; [ apply norm_nonnegative | apply Rmult_le_compat_r; lra ]. }
    exists (Rmax C C'). split; [ apply (Rle_trans _ C); [ exact HC | apply Rmax_l ] | ]. intros i Hi.
    destruct (Nat.eq_dec i k) as [-> | ].
    - apply (Hmore C'); [ split; assumption | apply Rmax_r ].
    - apply (Hmore C); [ apply Hflat; lia | apply Rmax_l ]. }
  destruct Hall as (C & HC & Hflat). exists C. split; [ exact HC | ]. intros rho x y Hrho Hx Hy.
  assert (Hi : forall i, (i < n)%nat -> Rabs (m x i - m y i) <= C * rho * norm d (fun i => x i - y i))
    by (intros i Hi; now apply (Hflat i Hi)).
  set (delta := C * rho * norm d (fun i => x i - y i)) in *.
  assert (Hd : forall i, (i < n)%nat -> m x i <= m y i + delta /\ m y i <= m x i + delta).
  { intros i Hlt. specialize (Hi i Hlt). unfold Rabs in Hi. destruct Rcase_abs; lra. }
  pose proof (log_margin_rises_at_most n (m x) (m y) delta Hn (fun i Hlt => proj1 (Hd i Hlt))).
  pose proof (log_margin_rises_at_most n (m y) (m x) delta Hn (fun i Hlt => proj2 (Hd i Hlt))).
  apply Rabs_le. lra.
Qed.

(* E18: under the hypotheses that Theorem 5 prints, the weights stay 0 and no soft margin is ever defined. *)
Theorem theorem_5_as_printed_is_vacuous d n L (m : vector -> vector) corners T B (w v : R -> vector) (c : R -> R) :
  (0 < n)%nat -> 2 <= L -> (forall i, homogeneous L (fun z => m z i)) ->
  (forall i, (i < n)%nat -> locally_lipschitz_at d (fun z => m z i) origin) ->
  (forall i, (i < d)%nat -> continuous_on 0 T (fun t => w t i)) ->
  (forall t, 0 < t < T -> ~ In t corners ->
     clarke d (fun z => log_margin n (m z)) (w t) (v t) /\ Rabs (c t) <= B /\
     forall i, (i < d)%nat -> derivable_pt_lim (fun s => w s i) t (c t * v t i)) ->
  (forall i, (i < d)%nat -> w 0 i = 0) ->
  forall t, 0 <= t <= T -> norm d (w t) = 0.
Proof.
  intros Hn HL Hm Hlip Hw Hv H0 t Ht.
  assert (Hz : forall i, (i < d)%nat -> w t i = 0).
  { apply (nothing_moves_from_zero d (fun z => log_margin n (m z)) corners T B w v c); try assumption.
    intros M HM. now apply (log_margin_is_flat d n L). }
  unfold norm, dot. rewrite (sum_extensional d _ (fun _ => 0)), sum_zero; [ apply sqrt_0 | ].
  intros i Hi. rewrite Hz by exact Hi. ring.
Qed.

(* All of the above in one value, so that all axioms are printed once. *)
Definition theorems := (gronwall, clarke_subgradients_of_a_flat_function, nothing_moves_from_zero,
  homogeneous_of_degree_two_or_more_is_flat, log_margin_is_flat, theorem_5_as_printed_is_vacuous).
Print Assumptions theorems.
