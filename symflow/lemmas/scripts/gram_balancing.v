(* Deep linear nets keep whole Gram matrices.

   Catalogue: W7 corrected and D3 (for linear nets, all entries of W_(l+1)^T W_(l+1) - W_l W_l^T are conserved; for relu
   only the diagonal, see balancing_of_a_neuron.v).

   Two adjacent matrices V = W_(l+1) (p by m) and U = W_l (m by n) of a product X V U Y, X the product of the matrices
   above (q by p), Y of those below (n by r). A risk of the product has, with G its gradient in the product, the
   gradients X^T G (U Y)^T in V and (X V)^T G Y^T in U, for every depth and all widths. *)

From Coq Require Import Reals Lra Lia Psatz List.
From Symflow Require Import finite_sums piecewise_differentiable.
Open Scope R_scope.

Definition times (n : nat) (A B : matrix) : matrix := fun i j => sum n (fun k => A i k * B k j).
Definition transpose (A : matrix) : matrix := fun i j => A j i.

Lemma times_associative m n A B C i j : times n (times m A B) C i j = times m A (times n B C) i j.
Proof.
  unfold times. rewrite (sum_extensional n _ (fun k => sum m (fun l => A i l * B l k * C k j))).
  - rewrite sum_exchange. apply sum_extensional. intros l _. rewrite <- sum_scale.
    apply sum_extensional. intros. ring.
  - intros k _. rewrite Rmult_comm, <- sum_scale. apply sum_extensional. intros. ring.
Qed.

Lemma transpose_times n A B i j : transpose (times n A B) i j = times n (transpose B) (transpose A) i j.
Proof. unfold transpose, times. apply sum_extensional. intros. ring. Qed.

Lemma times_extensional n A A' B B' i j :
  (forall k, (k < n)%nat -> A i k = A' i k) -> (forall k, (k < n)%nat -> B k j = B' k j) ->
  times n A B i j = times n A' B' i j.
Proof. intros HA HB. apply sum_extensional. intros k Hk. now rewrite HA, HB. Qed.

Definition upper_gradient (q m n r : nat) (X U Y G : matrix) : matrix :=
  times q (transpose X) (times r G (transpose (times n U Y))).

Definition lower_gradient (q p r : nat) (X V Y G : matrix) : matrix :=
  times q (transpose (times p X V)) (times r G (transpose Y)).

Definition inner (m n : nat) (A B : matrix) : R := sum m (fun i => sum n (fun j => A i j * B i j)).

Lemma move_left_factor p q m X M D :
  inner p m (times q (transpose X) M) D = inner q m M (times p X D).
Proof.
  unfold inner, times, transpose.
  rewrite (sum_extensional p _ (fun k => sum q (fun c => sum m (fun l => X c k * M c l * D k l)))).
  - rewrite sum_exchange. apply sum_extensional. intros c _. rewrite sum_exchange. apply sum_extensional. intros l _.
    rewrite <- sum_scale. apply sum_extensional. intros. ring.
  - intros k _. rewrite sum_exchange. apply sum_extensional. intros l _.
    rewrite Rmult_comm, <- sum_scale. apply sum_extensional. intros. ring.
Qed.

Lemma move_right_factor q m r G Z N : inner q m (times r G (transpose Z)) N = inner q r G (times m N Z).
Proof.
  unfold inner, times, transpose. apply sum_extensional. intros c _.
  rewrite (sum_extensional m _ (fun l => sum r (fun e => G c e * Z l e * N c l))).
  - rewrite sum_exchange. apply sum_extensional. intros e _. rewrite <- sum_scale. apply sum_extensional. intros. ring.
  - intros l _. rewrite Rmult_comm, <- sum_scale. apply sum_extensional. intros. ring.
Qed.

(* They are the gradients: moving V by D moves the product by X D U Y, and U by D moves it by X V D Y. *)
Theorem they_are_the_gradients q p m n r X V U Y G D :
  inner p m (upper_gradient q m n r X U Y G) D = inner q r G (times m (times p X D) (times n U Y)) /\
  inner m n (lower_gradient q p r X V Y G) D = inner q r G (times n (times m (times p X V) D) Y).
Proof. split; unfold upper_gradient, lower_gradient; now rewrite move_left_factor, move_right_factor. Qed.

(* V^T (gradient in V) = (gradient in U) U^T. *)
Theorem gradients_of_adjacent_matrices q p m n r X V U Y G i j :
  times p (transpose V) (upper_gradient q m n r X U Y G) i j = times n (lower_gradient q p r X V Y G) (transpose U) i j.
Proof.
  unfold upper_gradient, lower_gradient.
  rewrite <- times_associative. symmetry. rewrite times_associative. symmetry.
  rewrite (times_extensional q (times p (transpose V) (transpose X)) (transpose (times p X V))
    (times r G (transpose (times n U Y))) (times n (times r G (transpose Y)) (transpose U))); [ reflexivity | | ].
  - intros k _. now rewrite transpose_times.
  - intros k _. rewrite times_associative. apply times_extensional; [ reflexivity | ].
    intros l _. apply transpose_times.
Qed.

(* Hence each entry of V^T V - U U^T has derivative 0 where V' and U' are minus the gradients, and is constant along
   continuous curves on which this fails at finitely many times only. *)
Theorem gram_balancing q p m n r corners a b (X V U Y G : R -> matrix) i j :
  a <= b -> (i < m)%nat -> (j < m)%nat ->
  (forall k l, continuous_on a b (fun t => V t k l)) -> (forall k l, continuous_on a b (fun t => U t k l)) ->
  (forall t, a < t < b -> ~ In t corners -> forall k l,
     derivable_pt_lim (fun s => V s k l) t (- upper_gradient q m n r (X t) (U t) (Y t) (G t) k l) /\
     derivable_pt_lim (fun s => U s k l) t (- lower_gradient q p r (X t) (V t) (Y t) (G t) k l)) ->
  let gram := fun t => times p (transpose (V t)) (V t) i j - times n (U t) (transpose (U t)) i j in
  gram b = gram a.
Proof.
  intros Hab Hi Hj HV HU Hd gram.
  set (A := fun t => upper_gradient q m n r (X t) (U t) (Y t) (G t)).
  set (B := fun t => lower_gradient q p r (X t) (V t) (Y t) (G t)).
  assert (E : times p (transpose (V b)) (V b) i j + -1 * times n (U b) (transpose (U b)) i j
    = times p (transpose (V a)) (V a) i j + -1 * times n (U a) (transpose (U a)) i j); [ | unfold gram; lra ].
  apply (is_constant corners a b
    (fun t => times p (transpose (V t)) (V t) i j + -1 * times n (U t) (transpose (U t)) i j)
    (fun t => sum p (fun k => - A t k i * V t k j + V t k i * - A t k j)
              + -1 * sum n (fun k => - B t i k * U t j k + U t i k * - B t j k))); [ exact Hab | | | ].
  - apply continuous_on_plus; [ | apply continuous_on_scale ].
    + apply (continuous_on_sum a b p (fun t k => V t k i * V t k j)). intros k _. now apply continuous_on_times.
    + apply (continuous_on_sum a b n (fun t k => U t i k * U t j k)). intros k _. now apply continuous_on_times.
  - intros t Ht Hin. pose proof (Hd t Ht Hin) as H.
    apply (derivable_pt_lim_plus (fun s => times p (transpose (V s)) (V s) i j)
      (fun s => -1 * times n (U s) (transpose (U s)) i j)).
    + apply (derivative_of_sum p (fun s k => V s k i * V s k j)). intros k _.
      apply (derivable_pt_lim_mult (fun s => V s k i) (fun s => V s k j)); apply H.
    + apply (derivable_pt_lim_scal (fun s => times n (U s) (transpose (U s)) i j)).
      apply (derivative_of_sum n (fun s k => U s i k * U s j k)). intros k _.
      apply (derivable_pt_lim_mult (fun s => U s i k) (fun s => U s j k)); apply H.
  - intros t _ _.
    pose proof (gradients_of_adjacent_matrices q p m n r (X t) (V t) (U t) (Y t) (G t) i j) as Hij.
    pose proof (gradients_of_adjacent_matrices q p m n r (X t) (V t) (U t) (Y t) (G t) j i) as Hji.
    fold (A t) (B t) in Hij, Hji.
    unfold times, transpose in Hij, Hji.
    rewrite (sum_extensional p _ (fun k => -1 * (V t k j * A t k i) + -1 * (V t k i * A t k j))) by (intros; ring).
    rewrite (sum_extensional n _ (fun k => -1 * (B t i k * U t j k) + -1 * (B t j k * U t i k))) by (intros; ring).
    rewrite !sum_plus, !sum_scale, Hij, Hji. ring.
Qed.

(* All of the above in one value, so that all axioms are printed once. *)
Definition theorems := (they_are_the_gradients, gradients_of_adjacent_matrices, gram_balancing).
Print Assumptions theorems.
