(* The element of minimal norm of a hull of finitely many vectors, and its certificate.

   Catalogue: A13 (the certificate <g_j, v> >= |v|^2 at every vertex), A20 and A7 (a member of a hull is given by
   convex weights).

   For any number n of vertices in any dimension: if v is in the hull and <g_j, v> >= |v|^2 at every vertex g_j, then
   v is the one shortest element of the hull. A hull contains the convex combinations of its elements, and a
   functional that is larger than c at all vertices is larger than c on the hull, which refutes membership. *)

From Coq Require Import Reals Lra Lia Psatz.
From Symflow Require Import finite_sums.
Open Scope R_scope.

Definition in_hull (d n : nat) (g : nat -> vector) (v : vector) : Prop :=
  exists lambda : vector, (forall j, (j < n)%nat -> 0 <= lambda j) /\ sum n lambda = 1 /\
    forall i, (i < d)%nat -> v i = sum n (fun j => lambda j * g j i).

Lemma dot_with_a_member d n g lambda s v :
  (forall i, (i < d)%nat -> s i = sum n (fun j => lambda j * g j i)) ->
  dot d s v = sum n (fun j => lambda j * dot d (g j) v).
Proof.
  intros H. rewrite (dot_extensional d s (fun i => sum n (fun j => lambda j * g j i)) v v) by auto.
  apply dot_combination_left.
Qed.

Theorem a_bound_at_the_vertices_holds_on_the_hull d n g v c :
  (forall j, (j < n)%nat -> c <= dot d (g j) v) -> forall s, in_hull d n g s -> c <= dot d s v.
Proof.
  intros H s (lambda & Hpos & Hone & Hs).
  rewrite (dot_with_a_member d n g lambda s v Hs), <- (Rmult_1_r c), <- Hone, <- sum_scale.
  apply sum_monotone. intros j Hj. rewrite (Rmult_comm c).
  apply Rmult_le_compat_l; [ apply Hpos, Hj | apply H, Hj ].
Qed.

Theorem separated_from_the_hull d n g v s :
  (forall j, (j < n)%nat -> dot d s v < dot d (g j) v) -> ~ in_hull d n g s.
Proof.
  intros H Hs.
  assert (Hgap : forall m, (m <= n)%nat -> exists e, 0 < e /\ forall j, (j < m)%nat -> dot d s v + e <= dot d (g j) v).
  { induction m; intros Hm; [ exists 1; split; [ lra | intros; lia ] | ].
    destruct IHm as (e & He & Hbelow); [ lia | ].
    pose proof (H m Hm) as Hlast.
    exists (Rmin e (dot d (g m) v - dot d s v)). split; [ apply Rmin_glb_lt; lra | ].
    intros j Hj. pose proof (Rmin_l e (dot d (g m) v - dot d s v)). pose proof (Rmin_r e (dot d (g m) v - dot d s v)).
    destruct (Nat.eq_dec j m) as [-> | ]; [ lra | ].
    assert (dot d s v + e <= dot d (g j) v) by (apply Hbelow; lia). lra. }
  destruct (Hgap n ltac:(lia)) as (e & He & Hall).
  pose proof (a_bound_at_the_vertices_holds_on_the_hull d n g v (dot d s v + e) Hall s Hs). lra.
Qed.

Theorem certificate_of_minimal_norm d n g v :
  in_hull d n g v -> (forall j, (j < n)%nat -> dot d v v <= dot d (g j) v) ->
  forall s, in_hull d n g s ->
  norm d v <= norm d s /\ (norm d s = norm d v -> forall i, (i < d)%nat -> s i = v i).
Proof.
  intros _ H s Hs.
  pose proof (a_bound_at_the_vertices_holds_on_the_hull d n g v _ H s Hs) as Hsv.
  pose proof (square_expansion d s v (-1)) as E.
  pose proof (dot_square_nonnegative d (fun i => s i + -1 * v i)) as Hsq.
  split.
  - apply sqrt_le_1_alt. lra.
  - intros Hnorm i Hi.
    assert (dot d s s = dot d v v) by (rewrite <- !norm_square; now rewrite Hnorm).
    assert (Z : dot d (fun i => s i + -1 * v i) (fun i => s i + -1 * v i) = 0) by lra.
    pose proof (dot_square_zero d _ Z i Hi) as Hz. simpl in Hz. lra.
Qed.

(* Conversely the shortest element of any convex set has the certificate. *)
Theorem the_certificate_is_necessary d (C : vector -> Prop) v s :
  (forall t, 0 <= t <= 1 -> C (fun i => v i + t * (s i - v i))) -> (forall u, C u -> norm d v <= norm d u) ->
  dot d v v <= dot d s v.
Proof.
  intros Hconvex Hmin.
  set (D := fun i => s i - v i).
  assert (HD : dot d s v = dot d v v + dot d v D).
  { unfold dot, D. rewrite <- sum_plus. apply sum_extensional. intros. ring. }
  destruct (Rle_or_lt 0 (dot d v D)) as [ | Hneg ]; [ lra | exfalso ].
  assert (Hsq : forall t, 0 <= t <= 1 -> 0 <= 2 * t * dot d v D + t * t * dot d D D).
  { intros t Ht. pose proof (Hmin _ (Hconvex t Ht)) as Hle.
    apply (Rmult_le_compat _ _ _ _ (norm_nonnegative d v) (norm_nonnegative d v) Hle) in Hle.
    rewrite !norm_square in Hle. pose proof (square_expansion d v D t) as E. unfold D in *. lra. }
  pose proof (dot_square_nonnegative d D) as HDD.
  set (t := - dot d v D / (dot d D D - dot d v D)).
  assert (Ht : 0 < t <= 1).
  { unfold t. split; [ apply Rdiv_lt_0_compat; lra | ].
    apply (Rmult_le_reg_r (dot d D D - dot d v D)); [ lra | ]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. lra. }
  assert (Et : t * (dot d D D - dot d v D) = - dot d v D) by (unfold t; field; lra).
  specialize (Hsq t ltac:(lra)). nra.
Qed.

Theorem convex_combinations_stay_in_the_hull d n g m (mu : vector) (v : nat -> vector) s :
  (forall k, (k < m)%nat -> 0 <= mu k) -> sum m mu = 1 -> (forall k, (k < m)%nat -> in_hull d n g (v k)) ->
  (forall i, (i < d)%nat -> s i = sum m (fun k => mu k * v k i)) -> in_hull d n g s.
Proof.
  intros Hmu Hone Hv Hs.
  assert (W : forall M, (M <= m)%nat -> exists lambda : matrix, forall k, (k < M)%nat ->
    (forall j, (j < n)%nat -> 0 <= lambda k j) /\ sum n (lambda k) = 1 /\
    forall i, (i < d)%nat -> v k i = sum n (fun j => lambda k j * g j i)).
  { induction M; intros HM; [ exists (fun _ _ => 0); intros; lia | ].
    destruct IHM as (lambda & Hl); [ lia | ]. destruct (Hv M HM) as (l & Hlast).
    exists (fun k => if Nat.eqb k M then l else lambda k). intros k Hk.
    destruct (Nat.eqb_spec k M) as [-> | Hne]; [ exact Hlast | apply Hl; lia ]. }
  destruct (W m ltac:(lia)) as (lambda & Hlambda).
  exists (fun j => sum m (fun k => mu k * lambda k j)). repeat split.
  - intros j Hj. apply sum_nonnegative. intros k Hk.
    apply Rmult_le_pos; [ apply Hmu, Hk | now apply Hlambda ].
  - rewrite sum_exchange, <- Hone. apply sum_extensional. intros k Hk.
    destruct (Hlambda k Hk) as (_ & H1 & _). rewrite sum_scale, H1. ring.
  - intros i Hi. rewrite (Hs i Hi).
    rewrite (sum_extensional m _ (fun k => sum n (fun j => mu k * lambda k j * g j i))).
    + rewrite sum_exchange. apply sum_extensional. intros j _.
      rewrite Rmult_comm, <- sum_scale. apply sum_extensional. intros. ring.
    + intros k Hk. destruct (Hlambda k Hk) as (_ & _ & Hvk). rewrite (Hvk i Hi), <- sum_scale.
      apply sum_extensional. intros. ring.
Qed.

(* All of the above in one value, so that all axioms are printed once. *)
Definition theorems := (a_bound_at_the_vertices_holds_on_the_hull, separated_from_the_hull,
  certificate_of_minimal_norm, the_certificate_is_necessary, convex_combinations_stay_in_the_hull).
Print Assumptions theorems.
