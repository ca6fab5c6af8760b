(* The soft margin of ReLU nets without biases: the margins y_i f(x_i; theta) are what soft_margin.v,
   soft_margin_monotone.v and gronwall.v ask for.

   Catalogue: B10 (Lemma 4), B11 (Theorem 5 in its corrected form) and E18 (Theorem 5 as printed is vacuous for every
   net with a hidden layer), each for every depth, all widths and any finite number of data; A10 (nets are locally
   Lipschitz in their weights, shown at 0). The degree is the number of weight matrices. *)

From Coq Require Import Reals Lra Lia Psatz List Arith.
From Symflow Require Import finite_sums clarke_differential euler_along_the_ray activation_matrices.
From Symflow Require Import nets_and_the_clarke_differential piecewise_differentiable.
From Symflow Require Import soft_margin soft_margin_monotone gronwall.
Import ListNotations.
Open Scope R_scope.

Definition margins (hidden : list shape) (last : shape) (x : nat -> vector) (y : vector) (theta : vector) : vector :=
  fun i => y i * net_of_weights hidden last (x i) 0 theta.

Definition degree (hidden : list shape) : R := INR (length hidden + 1).

Lemma net_of_scaled_weights hidden last x o a theta :
  0 <= a -> net_of_weights hidden last x o (fun i => a * theta i)
    = a ^ (length hidden + 1) * net_of_weights hidden last x o theta.
Proof.
  intros Ha. revert x theta. induction hidden as [ | s others IH ]; intros x theta.
  - unfold net_of_weights, net. simpl. rewrite Rmult_1_r. now apply scaled_first_layer.
  - rewrite !net_of_weights_step.
    change (later s (fun i => a * theta i)) with (fun i => a * later s theta i). rewrite IH.
    replace (fun i => relu (apply (first_layer s (fun i => a * theta i)) x i))
      with (fun i => a * relu (apply (first_layer s theta) x i)).
    + rewrite net_of_weights_of_scaled_input by exact Ha. simpl. ring.
    + apply equal_vectors. intros i. rewrite <- relu_scale by exact Ha. f_equal. symmetry.
      now apply scaled_first_layer.
Qed.

Theorem margins_are_homogeneous hidden last x y i :
  homogeneous (degree hidden) (fun theta => margins hidden last x y theta i).
Proof.
  intros a theta Ha. unfold margins, degree.
  rewrite net_of_scaled_weights, Rpower_pow by lra. ring.
Qed.

Theorem margins_are_continuous hidden last x y i theta :
  continuous_at (dimension hidden last) (fun theta => margins hidden last x y theta i) theta.
Proof.
  intros thetas H. unfold margins.
  apply (CV_mult (fun _ => y i) (fun n => net_of_weights hidden last (x i) 0 (thetas n)));
    [ apply limit_of_constant | now apply net_is_continuous_in_its_weights ].
Qed.

Lemma net_reads_its_weights hidden last x o theta theta' :
  (forall i, (i < dimension hidden last)%nat -> theta i = theta' i) ->
  net_of_weights hidden last x o theta = net_of_weights hidden last x o theta'.
Proof.
  revert x theta theta'. induction hidden as [ | s others IH ]; simpl; intros x theta theta' H.
  - unfold net_of_weights. simpl. now rewrite (equal_layers last theta theta').
  - rewrite !net_of_weights_step, (equal_layers s theta theta') by (intros; apply H; lia).
    apply IH. intros i Hi. apply H. lia.
Qed.

(* B10. *)
Theorem lemma_4_for_nets hidden last n x y theta v :
  let m := margins hidden last x y in
  (0 < n)%nat -> clarke (dimension hidden last) (fun theta => log_margin n (m theta)) theta v ->
  dot (dimension hidden last) v theta = degree hidden * (log_margin n (m theta) + entropy n (softmin n (m theta))) /\
  degree hidden * log_margin n (m theta) <= dot (dimension hidden last) v theta.
Proof.
  intros m Hn Hv. apply lemma_4_for_every_clarke_subgradient; [ exact Hn | apply pos_INR | | | exact Hv ].
  - intros i. apply margins_are_homogeneous.
  - intros i _. apply margins_are_continuous.
Qed.

(* B11, corrected. *)
Theorem theorem_5_for_nets hidden last n x y a b w w' c corners :
  let m := margins hidden last x y in
  let d := dimension hidden last in
  (0 < n)%nat -> a <= b -> margin_flow d n a b m w w' c corners -> 0 < log_margin n (m (w a)) ->
  soft_margin d n (degree hidden) (m (w a)) (w a) <= soft_margin d n (degree hidden) (m (w b)) (w b).
Proof.
  intros m d Hn Hab Hflow Hu. apply (theorem_5 d n (degree hidden) a b m w w' c corners); try assumption.
  - apply lt_0_INR. lia.
  - intros i. apply margins_are_homogeneous.
  - intros i z _. apply margins_are_continuous.
  - intros i z z' H. unfold m, margins. f_equal. now apply net_reads_its_weights.
Qed.

(* Nets are locally Lipschitz: with weights in [-1, 1] and inputs in [-B, B]. *)
Lemma relu_is_lipschitz z z' : Rabs (relu z - relu z') <= Rabs (z - z').
Proof.
  unfold relu, Rmax. destruct (Rle_dec 0 z), (Rle_dec 0 z'); unfold Rabs; repeat destruct Rcase_abs; lra.
Qed.

Definition near (n : nat) (B e : R) (u u' : vector) : Prop :=
  forall i, (i < n)%nat -> Rabs (u i) <= B /\ Rabs (u' i) <= B /\ Rabs (u i - u' i) <= e.

Lemma apply_is_lipschitz s theta theta' x x' B delta e i :
  0 <= B -> 0 <= delta -> 0 <= e -> near (entries s) 1 delta theta theta' -> near (snd s) B e x x' ->
  Rabs (apply (first_layer s theta) x i) <= INR (snd s) * B /\
  Rabs (apply (first_layer s theta) x i - apply (first_layer s theta') x' i) <= INR (snd s) * (delta * B + e).
Proof.
  intros HB Hdelta He Ht Hx. unfold apply. simpl.
  assert (Hw : forall q, (q < snd s)%nat ->
    let W := if andb (i <? fst s) (q <? snd s) then theta (i * snd s + q)%nat else 0 in
    let W' := if andb (i <? fst s) (q <? snd s) then theta' (i * snd s + q)%nat else 0 in
    Rabs W <= 1 /\ Rabs W' <= 1 /\ Rabs (W - W') <= delta).
  { intros q Hq. destruct (Nat.ltb_spec i (fst s)), (Nat.ltb_spec q (snd s)); simpl;
      try (rewrite ?Rminus_0_r, Rabs_R0; lra).
    apply Ht, entry_in_range; assumption. }
  rewrite <- !sum_constant, <- sum_minus.
  split; eapply Rle_trans; try apply sum_absolute; apply sum_monotone; intros q Hq.
  - destruct (Hw q Hq) as (H1 & _ & _), (Hx q Hq) as (H2 & _ & _). rewrite Rabs_mult.
    replace B with (1 * B) by ring. apply Rmult_le_compat; try apply Rabs_pos; assumption.
  - destruct (Hw q Hq) as (_ & H1 & H3), (Hx q Hq) as (H2 & _ & H4). cbv zeta in *.
    set (W := if andb (i <? fst s) (q <? snd s) then theta (i * snd s + q)%nat else 0) in *.
    set (W' := if andb (i <? fst s) (q <? snd s) then theta' (i * snd s + q)%nat else 0) in *.
    replace (W * x q - W' * x' q) with ((W - W') * x q + W' * (x q - x' q)) by ring.
    eapply Rle_trans; [ apply Rabs_triang | ]. rewrite !Rabs_mult.
    apply Rplus_le_compat; [ apply Rmult_le_compat; try apply Rabs_pos; assumption | ].
    replace e with (1 * e) by ring. apply Rmult_le_compat; try apply Rabs_pos; assumption.
Qed.

Definition inputs (hidden : list shape) (last : shape) : nat := match hidden with [] => snd last | s :: _ => snd s end.

Lemma net_is_lipschitz hidden last o B :
  0 <= B -> exists K, 0 <= K /\ forall theta theta' x x' delta e,
    0 <= delta -> 0 <= e -> near (dimension hidden last) 1 delta theta theta' -> near (inputs hidden last) B e x x' ->
    Rabs (net_of_weights hidden last x o theta - net_of_weights hidden last x' o theta') <= K * (delta + e).
Proof.
  revert B. induction hidden as [ | s others IH ]; intros B HB.
  - exists (INR (snd last) * (B + 1)). pose proof (pos_INR (snd last)). split; [ nra | ].
    intros theta theta' x x' delta e Hdelta He Ht Hx.
    destruct (apply_is_lipschitz last theta theta' x x' B delta e o HB Hdelta He Ht Hx) as [_ H1].
    eapply Rle_trans; [ exact H1 | ]. rewrite Rmult_assoc. apply Rmult_le_compat_l; [ assumption | nra ].
  - set (c := INR (snd s)). assert (Hc : 0 <= c) by apply pos_INR.
    destruct (IH (c * B)) as (K & HK & Hnet); [ nra | ].
    exists (K * (1 + c * B + c)). split; [ apply Rmult_le_pos; nra | ].
    intros theta theta' x x' delta e Hdelta He Ht Hx. rewrite !net_of_weights_step.
    assert (Hfirst : near (entries s) 1 delta theta theta') by (intros i Hi; apply Ht; simpl; lia).
    assert (Hsame : near (entries s) 1 delta theta' theta).
    { intros i Hi. destruct (Hfirst i Hi) as (H1 & H2 & H3). rewrite Rabs_minus_sym in H3. auto. }
    assert (Hswap : near (snd s) B e x' x).
    { intros i Hi. destruct (Hx i Hi) as (H1 & H2 & H3). rewrite Rabs_minus_sym in H3. auto. }
    eapply Rle_trans; [ apply (Hnet _ _ _ _ delta (c * (delta * B + e))) | ].
    + exact Hdelta.
    + apply Rmult_le_pos; [ exact Hc | nra ].
    + intros i Hi. apply Ht. simpl. lia.
    + intros i _.
      destruct (apply_is_lipschitz s theta theta' x x' B delta e i HB Hdelta He Hfirst Hx) as [H1 H3].
      destruct (apply_is_lipschitz s theta' theta x' x B delta e i HB Hdelta He Hsame Hswap) as [H2 _].
      assert (Hrelu : forall z, Rabs (relu z) <= Rabs z).
      { intros z. pose proof (relu_is_lipschitz z 0) as H. unfold relu in H at 2.
        rewrite Rmax_left, !Rminus_0_r in H by lra. exact H. }
      repeat split; [ eapply Rle_trans; [ apply Hrelu | exact H1 ] | eapply Rle_trans; [ apply Hrelu | exact H2 ] | ].
      eapply Rle_trans; [ apply relu_is_lipschitz | exact H3 ].
    + rewrite Rmult_assoc. apply Rmult_le_compat_l; [ exact HK | ].
      assert (0 <= c * B) by nra. assert (0 <= c * B * e) by nra. assert (0 <= c * delta) by nra. nra.
Qed.

Theorem margins_are_locally_lipschitz_at_zero hidden last x y i :
  locally_lipschitz_at (dimension hidden last) (fun theta => margins hidden last x y theta i) origin.
Proof.
  set (B := sum (inputs hidden last) (fun j => Rabs (x i j))).
  destruct (net_is_lipschitz hidden last 0 B) as (K & HK & H);
    [ apply sum_nonnegative; intros; apply Rabs_pos | ].
  exists 1, (Rabs (y i) * K). split; [ lra | ]. intros theta theta' Ht Ht'.
  unfold margins. rewrite <- Rmult_minus_distr_l, Rabs_mult, Rmult_assoc.
  apply Rmult_le_compat_l; [ apply Rabs_pos | ].
  set (delta := norm (dimension hidden last) (fun i => theta i - theta' i)).
  assert (Hsmall : forall z, norm (dimension hidden last) (fun i => z i - origin i) < 1 ->
    forall k, (k < dimension hidden last)%nat -> Rabs (z k) <= 1).
  { intros z Hz k Hk. pose proof (coordinate_at_most_norm _ (fun i => z i - origin i) k Hk) as H'.
    unfold origin in H' at 1. rewrite Rminus_0_r in H'. lra. }
  replace (K * delta) with (K * (delta + 0)) by ring.
  apply H; [ apply norm_nonnegative | lra | | ].
  - intros k Hk. repeat split; [ now apply Hsmall | now apply Hsmall | ].
    apply (coordinate_at_most_norm _ (fun i => theta i - theta' i) k Hk).
  - intros j Hj. rewrite Rminus_eq_0, Rabs_R0.
    assert (Rabs (x i j) <= B)
      by (apply (term_at_most_sum _ (fun j => Rabs (x i j))); [ intros; apply Rabs_pos | exact Hj ]).
    repeat split; lra.
Qed.

(* E18 for nets: with a hidden layer nothing moves from zero weights. *)
Theorem theorem_5_as_printed_is_vacuous_for_nets hidden last n x y corners T B w v c :
  let m := margins hidden last x y in
  let d := dimension hidden last in
  (0 < n)%nat -> (1 <= length hidden)%nat ->
  (forall i, (i < d)%nat -> continuous_on 0 T (fun t => w t i)) ->
  (forall t, 0 < t < T -> ~ In t corners ->
     clarke d (fun z => log_margin n (m z)) (w t) (v t) /\ Rabs (c t) <= B /\
     forall i, (i < d)%nat -> derivable_pt_lim (fun s => w s i) t (c t * v t i)) ->
  (forall i, (i < d)%nat -> w 0 i = 0) ->
  forall t, 0 <= t <= T -> norm d (w t) = 0.
Proof.
  intros m d Hn Hdepth Hw Hv H0.
  apply (theorem_5_as_printed_is_vacuous d n (degree hidden) m corners T B w v c); try assumption.
  - unfold degree. replace 2 with (INR 2) by (simpl; ring). apply le_INR. lia.
  - intros i. apply margins_are_homogeneous.
  - intros i _. apply margins_are_locally_lipschitz_at_zero.
Qed.

(* All of the above in one value, so that all axioms are printed once. *)
Definition theorems := (margins_are_homogeneous, margins_are_continuous, lemma_4_for_nets, theorem_5_for_nets,
  margins_are_locally_lipschitz_at_zero, theorem_5_as_printed_is_vacuous_for_nets).
Print Assumptions theorems.
