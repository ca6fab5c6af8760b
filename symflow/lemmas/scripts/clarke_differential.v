(* The Clarke differential of a function on R^d, as the lectures define it, and the one argument that all
   identities about its elements share.

   Catalogue: A7 and B1 (the definition); A29 (from gradients to limits, from limits to convex combinations); the
   step that A26, A27, A31 and B10 have in common.

   A gradient is Frechet's: f (w + h) = f w + <g, h> + o(|h|). The Clarke differential at w is the convex hull of
   the limits of gradients at points that tend to w. The main theorem: if at *every* point u the function has the
   slope g u in the direction D u, and D and g are continuous at w, then <s, D w> = g w for *every* s in the Clarke
   differential at w, however many gradients meet there. Neither Rademacher's theorem nor a sum rule nor a chain
   rule is used. *)

From Coq Require Import Reals Lra Lia Psatz.
From Symflow Require Import finite_sums.
Open Scope R_scope.

Definition gradient_at (d : nat) (f : vector -> R) (w g : vector) : Prop :=
  forall eps, 0 < eps -> exists delta, 0 < delta /\
    forall h, norm d h < delta -> Rabs (f (fun i => w i + h i) - f w - dot d g h) <= eps * norm d h.

Definition limit_of_gradients (d : nat) (f : vector -> R) (w s : vector) : Prop :=
  exists points gradients : nat -> vector,
    (forall n, gradient_at d f (points n) (gradients n)) /\ converges d points w /\ converges d gradients s.

Definition convex_hull (d : nat) (G : vector -> Prop) (v : vector) : Prop :=
  exists (n : nat) (lambda : vector) (g : nat -> vector),
    (forall j, (j < n)%nat -> 0 <= lambda j) /\ sum n lambda = 1 /\ (forall j, (j < n)%nat -> G (g j)) /\
    forall i, (i < d)%nat -> v i = sum n (fun j => lambda j * g j i).

Definition clarke (d : nat) (f : vector -> R) (w : vector) : vector -> Prop :=
  convex_hull d (limit_of_gradients d f w).

Definition continuous_at (d : nat) (f : vector -> R) (w : vector) : Prop :=
  forall x, converges d x w -> Un_cv (fun n => f (x n)) (f w).

Definition locally_lipschitz_at (d : nat) (f : vector -> R) (w : vector) : Prop :=
  exists r K, 0 < r /\ forall u v,
    norm d (fun i => u i - w i) < r -> norm d (fun i => v i - w i) < r ->
    Rabs (f u - f v) <= K * norm d (fun i => u i - v i).

Lemma norm_of_difference_tends_to_zero d x w :
  converges d x w -> forall e, 0 < e -> exists N, forall n, (n >= N)%nat -> norm d (fun i => x n i - w i) < e.
Proof.
  intros H e He.
  assert (Hx : converges d (fun n i => x n i - w i) (fun _ => 0)).
  { intros i Hi. replace 0 with (w i - w i) by ring.
    apply (CV_minus (fun n => x n i) (fun _ => w i)); [ apply H, Hi | apply limit_of_constant ]. }
  pose proof (limit_of_dot d _ _ _ _ Hx Hx) as Hdot.
  destruct (Hdot (e * e)) as [N HN]; [ nra | ].
  exists N. intros n Hn. specialize (HN n Hn). unfold R_dist in HN.
  assert (Z : dot d (fun _ => 0) (fun _ => 0) = 0).
  { unfold dot. rewrite (sum_extensional d _ (fun _ => 0)); [ apply sum_zero | intros; ring ]. }
  rewrite Z, Rminus_0_r, <- norm_square in HN.
  pose proof (norm_nonnegative d (fun i => x n i - w i)) as Hp.
  rewrite Rabs_pos_eq in HN by nra. nra.
Qed.

Theorem locally_lipschitz_is_continuous d f w : locally_lipschitz_at d f w -> continuous_at d f w.
Proof.
  intros (r & K & Hr & HK) x Hx e He.
  set (K' := Rmax K 0 + 1).
  assert (K < K') by (unfold K'; pose proof (Rmax_l K 0); lra).
  assert (0 < K') by (unfold K'; pose proof (Rmax_r K 0); lra).
  destruct (norm_of_difference_tends_to_zero d x w Hx (Rmin r (e / K'))) as [N HN].
  { apply Rmin_glb_lt; [ exact Hr | apply Rdiv_lt_0_compat; assumption ]. }
  exists N. intros n Hn. specialize (HN n Hn). unfold R_dist.
  pose proof (Rmin_l r (e / K')). pose proof (Rmin_r r (e / K')).
  pose proof (norm_nonnegative d (fun i => x n i - w i)) as Hp.
  assert (norm d (fun i => w i - w i) = 0) as Hw0.
  { unfold norm, dot. rewrite (sum_extensional d _ (fun _ => 0)), sum_zero, sqrt_0; [ reflexivity | intros; ring ]. }
  assert (Rabs (f (x n) - f w) <= K * norm d (fun i => x n i - w i)) by (apply HK; lra).
  assert (K' * norm d (fun i => x n i - w i) < e).
  { apply (Rmult_lt_reg_r (/ K')); [ apply Rinv_0_lt_compat; assumption | ].
    replace (K' * norm d (fun i => x n i - w i) * / K') with (norm d (fun i => x n i - w i)) by (field; lra).
    change (e * / K') with (e / K'). lra. }
  nra.
Qed.

Lemma derivative_local f g x l r :
  0 < r -> (forall t, Rabs (t - x) < r -> f t = g t) -> derivable_pt_lim f x l -> derivable_pt_lim g x l.
Proof.
  intros Hr E H e He. destruct (H e He) as [del Hd].
  assert (Hm : 0 < Rmin del r) by (apply Rmin_glb_lt; [ apply cond_pos | exact Hr ]).
  exists (mkposreal _ Hm). simpl. intros h Hh Hlt.
  pose proof (Rmin_l del r). pose proof (Rmin_r del r).
  rewrite <- (E (x + h)), <- (E x).
  - apply Hd; [ exact Hh | lra ].
  - replace (x - x) with 0 by ring. now rewrite Rabs_R0.
  - replace (x + h - x) with h by ring. lra.
Qed.

(* Along a straight line a differentiable function has the slope <gradient, direction>. *)
Lemma slope_along_a_line d f w g D :
  gradient_at d f w g -> derivable_pt_lim (fun t => f (fun i => w i + t * D i)) 0 (dot d g D).
Proof.
  intros H e He.
  set (c := norm d D + 1).
  assert (Hc : 0 < c) by (unfold c; pose proof (norm_nonnegative d D); lra).
  destruct (H (e / (2 * c))) as (delta & Hdelta & Hg); [ apply Rdiv_lt_0_compat; lra | ].
  assert (Hpos : 0 < delta / c) by (apply Rdiv_lt_0_compat; assumption).
  exists (mkposreal _ Hpos). simpl. intros h Hh Hlt.
  assert (Hnorm : norm d (fun i => h * D i) = Rabs h * norm d D) by apply norm_scale.
  assert (Hp : 0 < Rabs h) by (apply Rabs_pos_lt, Hh).
  assert (Rabs h * c < delta).
  { apply (Rmult_lt_compat_r c) in Hlt; [ | exact Hc ].
    replace (delta / c * c) with delta in Hlt by (field; lra). exact Hlt. }
  specialize (Hg (fun i => h * D i)).
  rewrite Hnorm, dot_scale_right in Hg.
  assert (Hn : 0 <= norm d D < c) by (unfold c; pose proof (norm_nonnegative d D); lra).
  specialize (Hg ltac:(nra)).
  replace (fun i => w i + (0 + h) * D i) with (fun i => w i + h * D i)
    by (apply equal_vectors; intros; ring).
  replace (fun i => w i + 0 * D i) with w by (apply equal_vectors; intros; ring).
  replace ((f (fun i => w i + h * D i) - f w) / h - dot d g D)
    with ((f (fun i => w i + h * D i) - f w - h * dot d g D) / h) by (field; exact Hh).
  unfold Rdiv. rewrite Rabs_mult, Rabs_inv.
  apply (Rmult_lt_reg_r (Rabs h)); [ exact Hp | ].
  rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
  eapply Rle_lt_trans; [ exact Hg | ].
  assert (Hec : e / (2 * c) * c = e / 2) by (field; lra).
  assert (0 < e / (2 * c)) by (apply Rdiv_lt_0_compat; lra).
  assert (e / (2 * c) * norm d D <= e / 2) by (rewrite <- Hec; apply Rmult_le_compat_l; lra).
  replace (e / (2 * c) * (Rabs h * norm d D)) with (e / (2 * c) * norm d D * Rabs h) by ring.
  nra.
Qed.

Theorem a_gradient_is_a_clarke_subgradient d f w g : gradient_at d f w g -> clarke d f w g.
Proof.
  intros H. exists 1%nat, (fun _ => 1), (fun _ => g). simpl. repeat split; try (intros; lra).
  intros j _. exists (fun _ => w), (fun _ => g).
  repeat split; [ auto | intros i _; apply limit_of_constant.. ].
Qed.

(* An identity that is linear in the gradient and continuous in the point passes to limits of gradients ... *)
Theorem identity_passes_to_limits d f D g w :
  (forall u s, gradient_at d f u s -> dot d s (D u) = g u) ->
  (forall i, (i < d)%nat -> continuous_at d (fun u => D u i) w) -> continuous_at d g w ->
  forall s, limit_of_gradients d f w s -> dot d s (D w) = g w.
Proof.
  intros Hid HD Hg s (points & gradients & Hgrad & Hpoints & Hs).
  apply (UL_sequence (fun n => dot d (gradients n) (D (points n)))).
  - apply limit_of_dot; [ exact Hs | ]. intros i Hi. apply (HD i Hi points Hpoints).
  - apply (limit_extensional (fun n => g (points n))); [ | apply Hg, Hpoints ].
    intros n. symmetry. apply Hid, Hgrad.
Qed.

(* ... and to convex combinations. *)
Theorem identity_passes_to_hulls d (G : vector -> Prop) v c :
  (forall s, G s -> dot d s v = c) -> forall s, convex_hull d G s -> dot d s v = c.
Proof.
  intros H s (n & lambda & g & Hpos & Hone & HG & Hs).
  rewrite (dot_extensional d s (fun i => sum n (fun j => lambda j * g j i)) v v Hs) by auto.
  rewrite dot_combination_left.
  rewrite (sum_extensional n _ (fun j => c * lambda j)).
  - rewrite sum_scale, Hone. ring.
  - intros j Hj. rewrite (H (g j) (HG j Hj)). ring.
Qed.

Theorem every_clarke_subgradient_has_the_slope d f D g w :
  (forall u, derivable_pt_lim (fun t => f (fun i => u i + t * D u i)) 0 (g u)) ->
  (forall i, (i < d)%nat -> continuous_at d (fun u => D u i) w) -> continuous_at d g w ->
  forall s, clarke d f w s -> dot d s (D w) = g w.
Proof.
  intros Hslope HD Hg. apply identity_passes_to_hulls.
  apply (identity_passes_to_limits d f D g w); [ | exact HD | exact Hg ].
  intros u s Hs. eapply uniqueness_limite; [ apply slope_along_a_line, Hs | apply Hslope ].
Qed.

(* All of the above in one value, so that all axioms are printed once. *)
Definition theorems := (locally_lipschitz_is_continuous, a_gradient_is_a_clarke_subgradient,
  identity_passes_to_limits, identity_passes_to_hulls, every_clarke_subgradient_has_the_slope).
Print Assumptions theorems.
