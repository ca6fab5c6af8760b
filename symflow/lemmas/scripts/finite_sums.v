(* Finite sums, inner products and the Euclidean norm of R^d.

   A vector of R^d is a function from the natural numbers to R of which only the coordinates 0, ..., d-1 are
   read; a matrix is a function of two numbers. Nothing here is about nets: it is the ground on which the other
   scripts stand. The main theorem is the inequality of Cauchy and Schwarz in every dimension. *)

From Coq Require Import Reals Lra Lia Psatz.
From Coq Require FunctionalExtensionality.
Open Scope R_scope.

Definition vector := nat -> R.
Definition matrix := nat -> nat -> R.

Fixpoint sum (n : nat) (a : vector) : R :=
  match n with O => 0 | S k => sum k a + a k end.

Definition dot (d : nat) (u v : vector) : R := sum d (fun i => u i * v i).
Definition norm (d : nat) (u : vector) : R := sqrt (dot d u u).

Lemma equal_vectors (u v : vector) : (forall i, u i = v i) -> u = v.
Proof. exact (FunctionalExtensionality.functional_extensionality u v). Qed.

Lemma sum_extensional n a b : (forall i, (i < n)%nat -> a i = b i) -> sum n a = sum n b.
Proof. induction n; simpl; intros H; [ reflexivity | rewrite IHn, H; auto with arith ]. Qed.

Lemma sum_plus n a b : sum n (fun i => a i + b i) = sum n a + sum n b.
Proof. induction n; simpl; lra. Qed.

Lemma sum_minus n a b : sum n (fun i => a i - b i) = sum n a - sum n b.
Proof. induction n; simpl; lra. Qed.

Lemma sum_scale n c a : sum n (fun i => c * a i) = c * sum n a.
Proof. induction n; simpl; [ ring | rewrite IHn; ring ]. Qed.

Lemma sum_zero n : sum n (fun _ => 0) = 0.
Proof. induction n; simpl; lra. Qed.

Lemma sum_constant n c : sum n (fun _ => c) = INR n * c.
Proof. induction n; [ simpl; ring | rewrite S_INR; simpl sum; rewrite IHn; ring ]. Qed.

Lemma sum_monotone n a b : (forall i, (i < n)%nat -> a i <= b i) -> sum n a <= sum n b.
Proof.
  induction n; simpl; intros H; [ lra | ].
  assert (a n <= b n) by auto with arith.
  assert (sum n a <= sum n b) by auto with arith. lra.
Qed.

Lemma sum_nonnegative n a : (forall i, (i < n)%nat -> 0 <= a i) -> 0 <= sum n a.
Proof. intros H. rewrite <- (sum_zero n). apply sum_monotone; assumption. Qed.

Lemma term_at_most_sum n a k : (forall i, (i < n)%nat -> 0 <= a i) -> (k < n)%nat -> a k <= sum n a.
Proof.
  induction n; intros H Hk; [ lia | simpl ].
  assert (0 <= sum n a) by (apply sum_nonnegative; auto with arith).
  assert (0 <= a n) by auto with arith.
  destruct (Nat.eq_dec k n) as [-> | ]; [ lra | ].
  assert (a k <= sum n a) by (apply IHn; [ auto with arith | lia ]). lra.
Qed.

Lemma sum_exchange n m (a : matrix) :
  sum n (fun i => sum m (fun j => a i j)) = sum m (fun j => sum n (fun i => a i j)).
Proof. induction n; simpl; [ now rewrite sum_zero | now rewrite IHn, sum_plus ]. Qed.

Lemma sum_absolute n a : Rabs (sum n a) <= sum n (fun i => Rabs (a i)).
Proof.
  induction n; simpl; [ rewrite Rabs_R0; lra | ].
  eapply Rle_trans; [ apply Rabs_triang | lra ].
Qed.

Lemma dot_extensional d u u' v v' :
  (forall i, (i < d)%nat -> u i = u' i) -> (forall i, (i < d)%nat -> v i = v' i) -> dot d u v = dot d u' v'.
Proof. intros Hu Hv. apply sum_extensional. intros i Hi. now rewrite Hu, Hv. Qed.

Lemma dot_symmetric d u v : dot d u v = dot d v u.
Proof. apply sum_extensional. intros. ring. Qed.

Lemma dot_scale_right d c u v : dot d u (fun i => c * v i) = c * dot d u v.
Proof. unfold dot. rewrite <- sum_scale. apply sum_extensional. intros. ring. Qed.

Lemma dot_scale_left d c u v : dot d (fun i => c * u i) v = c * dot d u v.
Proof. rewrite dot_symmetric, dot_scale_right. now rewrite dot_symmetric. Qed.

Lemma dot_square_nonnegative d u : 0 <= dot d u u.
Proof. apply sum_nonnegative. intros. nra. Qed.

Lemma dot_combination_left d n (p : vector) (g : matrix) v :
  dot d (fun i => sum n (fun j => p j * g j i)) v = sum n (fun j => p j * dot d (g j) v).
Proof.
  unfold dot.
  rewrite (sum_extensional d _ (fun i => sum n (fun j => p j * g j i * v i))).
  - rewrite sum_exchange. apply sum_extensional. intros j _. rewrite <- sum_scale.
    apply sum_extensional. intros. ring.
  - intros i _. rewrite Rmult_comm, <- sum_scale. apply sum_extensional. intros. ring.
Qed.

Lemma dot_square_zero d u : dot d u u = 0 -> forall i, (i < d)%nat -> u i = 0.
Proof.
  intros H i Hi.
  assert (u i * u i <= dot d u u) by (apply (term_at_most_sum d (fun k => u k * u k)); [ intros; nra | exact Hi ]).
  nra.
Qed.

Lemma square_expansion d u v t :
  dot d (fun i => u i + t * v i) (fun i => u i + t * v i) = dot d u u + 2 * t * dot d u v + t * t * dot d v v.
Proof.
  unfold dot. rewrite <- !sum_scale, <- !sum_plus. apply sum_extensional. intros. ring.
Qed.

(* <u, v>^2 <= |u|^2 |v|^2: the square of v |u|^2 - u <u, v> is not negative. *)
Theorem cauchy_schwarz d u v : dot d u v * dot d u v <= dot d u u * dot d v v.
Proof.
  destruct (Req_dec (dot d v v) 0) as [Hv | Hv].
  - assert (dot d u v = 0) as ->; [ | rewrite Hv; lra ].
    unfold dot. rewrite <- (sum_zero d). apply sum_extensional. intros i Hi.
    rewrite (dot_square_zero d v Hv i Hi). ring.
  - assert (0 <= dot d v v) by apply dot_square_nonnegative.
    pose proof (dot_square_nonnegative d (fun i => u i + - (dot d u v / dot d v v) * v i)) as H0.
    rewrite square_expansion in H0.
    assert (E : (dot d u u + 2 * - (dot d u v / dot d v v) * dot d u v
                 + - (dot d u v / dot d v v) * - (dot d u v / dot d v v) * dot d v v) * dot d v v
                = dot d u u * dot d v v - dot d u v * dot d u v) by (field; exact Hv).
    assert (0 <= dot d u u * dot d v v - dot d u v * dot d u v) by (rewrite <- E; apply Rmult_le_pos; assumption).
    lra.
Qed.

Lemma norm_nonnegative d u : 0 <= norm d u.
Proof. apply sqrt_pos. Qed.

Lemma norm_square d u : norm d u * norm d u = dot d u u.
Proof. apply sqrt_sqrt, dot_square_nonnegative. Qed.

Theorem cauchy_schwarz_norm d u v : Rabs (dot d u v) <= norm d u * norm d v.
Proof.
  apply Rsqr_incr_0_var.
  - rewrite <- Rsqr_abs. unfold Rsqr. pose proof (cauchy_schwarz d u v) as H.
    rewrite <- (norm_square d u), <- (norm_square d v) in H. nra.
  - apply Rmult_le_pos; apply norm_nonnegative.
Qed.

Lemma norm_scale d c u : norm d (fun i => c * u i) = Rabs c * norm d u.
Proof.
  unfold norm. rewrite dot_scale_left, dot_scale_right, <- Rmult_assoc.
  rewrite sqrt_mult_alt by nra. f_equal. change (c * c) with (Rsqr c). apply sqrt_Rsqr_abs.
Qed.

Lemma coordinate_at_most_norm d u i : (i < d)%nat -> Rabs (u i) <= norm d u.
Proof.
  intros Hi. apply Rsqr_incr_0_var; [ | apply norm_nonnegative ].
  rewrite <- Rsqr_abs. unfold Rsqr. rewrite norm_square.
  apply (term_at_most_sum d (fun k => u k * u k)); [ intros; nra | exact Hi ].
Qed.

(* Limits of sequences, coordinate by coordinate. *)
Definition converges (d : nat) (x : nat -> vector) (l : vector) : Prop :=
  forall i, (i < d)%nat -> Un_cv (fun n => x n i) (l i).

Lemma limit_of_constant c : Un_cv (fun _ => c) c.
Proof. intros e He. exists 0%nat. intros. rewrite R_dist_eq. exact He. Qed.

Lemma limit_extensional x y l : (forall n, x n = y n) -> Un_cv x l -> Un_cv y l.
Proof. intros E H e He. destruct (H e He) as [N HN]. exists N. intros n Hn. rewrite <- E. auto. Qed.

Lemma limit_of_sum m (x : nat -> vector) l :
  (forall i, (i < m)%nat -> Un_cv (fun n => x n i) (l i)) -> Un_cv (fun n => sum m (x n)) (sum m l).
Proof.
  induction m; simpl; intros H; [ apply limit_of_constant | ].
  apply (CV_plus (fun n => sum m (x n)) (fun n => x n m)); auto with arith.
Qed.

Lemma limit_of_dot d x y l l' :
  converges d x l -> converges d y l' -> Un_cv (fun n => dot d (x n) (y n)) (dot d l l').
Proof.
  intros Hx Hy. apply (limit_of_sum d (fun n i => x n i * y n i)). intros i Hi.
  apply (CV_mult (fun n => x n i) (fun n => y n i)); auto.
Qed.

Lemma derivative_of_sum m (f : R -> vector) t (df : vector) :
  (forall i, (i < m)%nat -> derivable_pt_lim (fun s => f s i) t (df i)) ->
  derivable_pt_lim (fun s => sum m (f s)) t (sum m df).
Proof.
  induction m; simpl; intros H; [ apply (derivable_pt_lim_const 0) | ].
  apply (derivable_pt_lim_plus (fun s => sum m (f s)) (fun s => f s m)); auto with arith.
Qed.

Lemma derivative_extensional f g t l : (forall s, f s = g s) -> derivable_pt_lim f t l -> derivable_pt_lim g t l.
Proof. intros E H e He. destruct (H e He) as [del Hd]. exists del. intros. rewrite <- !E. auto. Qed.

(* All of the above in one value, so that all axioms are printed once. *)
Definition theorems := (cauchy_schwarz, cauchy_schwarz_norm).
Print Assumptions theorems.
