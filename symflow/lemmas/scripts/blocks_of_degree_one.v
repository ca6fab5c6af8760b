(* Euler's identity block by block: what becomes of <s, w> = L f w when w is replaced by one weight matrix.

   Catalogue: A27 in its corrected form (erratum E7): with one block of degree one in place of all weights, the right
   hand side is 1 f w and not L f w; the L blocks together give L f w.

   The coordinates 0, ..., d-1 are divided into blocks, [block i] being the number of the block of coordinate i. Let
   f be multiplied by a^k when one block is multiplied by a > 0. Then for every s in the (joint) Clarke
   differential at w the part of <s, w> that belongs to this block is k f w. Where this holds for blocks 0, ...,
   L-1 with k = 1, <s, w> = L f w. *)

From Coq Require Import Reals Lra Lia Psatz Arith.
From Symflow Require Import finite_sums clarke_differential euler_along_the_ray.
Open Scope R_scope.

Section Blocks.

Variable block : nat -> nat.

Definition restrict (b : nat) (w : vector) : vector := fun i => if block i =? b then w i else 0.
Definition scale_block (b : nat) (a : R) (w : vector) : vector := fun i => if block i =? b then a * w i else w i.

Definition homogeneous_in_block (b : nat) (k : R) (f : vector -> R) : Prop :=
  forall a u, 0 < a -> f (scale_block b a u) = Rpower a k * f u.

Lemma scaling_is_a_line b t u : scale_block b (1 + t) u = fun i => u i + t * restrict b u i.
Proof. apply equal_vectors. intros i. unfold scale_block, restrict. destruct (block i =? b); ring. Qed.

Lemma slope_in_a_block b k f u :
  homogeneous_in_block b k f -> derivable_pt_lim (fun t => f (fun i => u i + t * restrict b u i)) 0 (k * f u).
Proof.
  intros H.
  apply (derivative_local (fun t => Rpower (1 + t) k * f u) _ 0 _ 1); [ lra | | ].
  - intros t Ht. rewrite Rminus_0_r in Ht. apply Rabs_def2 in Ht.
    rewrite <- scaling_is_a_line. symmetry. apply H. lra.
  - pose proof (derivable_pt_lim_mult (fun t => Rpower (1 + t) k) (fun _ => f u) 0 k 0 (slope_of_the_power k)
      (derivable_pt_lim_const (f u) 0)) as P.
    replace (k * f u) with (k * f u + Rpower (1 + 0) k * 0) by ring. exact P.
Qed.

Lemma restriction_is_continuous d b i w : (i < d)%nat -> continuous_at d (fun u => restrict b u i) w.
Proof.
  intros Hi x Hx. unfold restrict. destruct (block i =? b); [ apply Hx, Hi | apply limit_of_constant ].
Qed.

Theorem euler_in_a_block d b k f w :
  homogeneous_in_block b k f -> continuous_at d f w ->
  forall s, clarke d f w s -> dot d s (restrict b w) = k * f w.
Proof.
  intros H Hf.
  apply (every_clarke_subgradient_has_the_slope d f (restrict b) (fun u => k * f u) w).
  - intros u. apply slope_in_a_block, H.
  - intros i Hi. apply restriction_is_continuous, Hi.
  - intros x Hx. apply (CV_mult (fun _ => k) (fun n => f (x n))); [ apply limit_of_constant | apply Hf, Hx ].
Qed.

Lemma only_one_block n b x : (b < n)%nat -> sum n (fun c => if b =? c then x else 0) = x.
Proof.
  induction n; intros Hb; [ lia | simpl ].
  destruct (Nat.eq_dec b n) as [-> | Hne].
  - rewrite Nat.eqb_refl, (sum_extensional n _ (fun _ => 0)), sum_zero; [ ring | ].
    intros i Hi. destruct (Nat.eqb_spec n i); [ lia | reflexivity ].
  - destruct (Nat.eqb_spec b n); [ lia | ]. rewrite IHn by lia. ring.
Qed.

Theorem blocks_add_up d L s w :
  (forall i, (i < d)%nat -> (block i < L)%nat) -> sum L (fun b => dot d s (restrict b w)) = dot d s w.
Proof.
  intros H. unfold dot. rewrite sum_exchange. apply sum_extensional. intros i Hi.
  rewrite <- (only_one_block L (block i) (s i * w i) (H i Hi)). apply sum_extensional. intros b _.
  unfold restrict. destruct (block i =? b); ring.
Qed.

Theorem blocks_of_degree_one d L f w :
  (forall i, (i < d)%nat -> (block i < L)%nat) ->
  (forall b, (b < L)%nat -> homogeneous_in_block b 1 f) -> continuous_at d f w ->
  forall s, clarke d f w s ->
  (forall b, (b < L)%nat -> dot d s (restrict b w) = 1 * f w) /\ dot d s w = INR L * f w.
Proof.
  intros Hblock H Hf s Hs.
  assert (Hb : forall b, (b < L)%nat -> dot d s (restrict b w) = 1 * f w)
    by (intros b HbL; apply euler_in_a_block; auto).
  split; [ exact Hb | ].
  rewrite <- (blocks_add_up d L s w Hblock), (sum_extensional L _ (fun _ => 1 * f w)) by exact Hb.
  rewrite sum_constant. ring.
Qed.

End Blocks.

(* All of the above in one value, so that all axioms are printed once. *)
Definition theorems := (euler_in_a_block, blocks_add_up, blocks_of_degree_one).
Print Assumptions theorems.
