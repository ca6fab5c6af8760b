(* Nets over the rationals: defined with maxima, as they are; and with slopes, as they are on a cell. *)
From Coq Require Import QArith Qminmax Lqa List Setoid Morphisms ZArith Lia.
Import ListNotations.
Open Scope Q_scope.

(* ---- activations, layers, nets *)

Inductive activation := relu | leaky (slope : Q) | absolute | identity | relu_power (n : positive).

Definition apply (A : activation) (z : Q) : Q :=
  match A with
  | relu => Qmax 0 z
  | leaky s => Qmax 0 z + s * Qmin 0 z
  | absolute => Qmax z (- z)
  | identity => z
  | relu_power n => Qpower_positive (Qmax 0 z) n
  end.

Fixpoint dot (u v : list Q) : Q :=
  match u, v with
  | [a], [b] => a * b
  | a :: u', b :: v' => a * b + dot u' v'
  | _, _ => 0
  end.

(* W h + b; an empty b stands for no bias. *)
Fixpoint preactivations (W : list (list Q)) (b : list Q) (h : list Q) : list Q :=
  match W, b with
  | row :: W', c :: b' => (dot row h + c) :: preactivations W' b' h
  | row :: W', [] => dot row h :: preactivations W' [] h
  | [], _ => []
  end.

Definition layer := (activation * list (list Q) * list Q)%type.

Fixpoint features (net : list layer) (x : list Q) : list Q :=
  match net with
  | [] => x
  | (A, W, b) :: rest => features rest (map (apply A) (preactivations W b x))
  end.

(* Unit i (from 0) of the layer (W, b) on top of hidden layers: an output, or a preactivation. *)
Definition value (i : nat) (net : list layer) (W : list (list Q)) (b x : list Q) : Q :=
  nth i (preactivations W b (features net x)) 0.

(* ---- cells: a slope for every unit *)

Definition slope_of (A : activation) (z a : Q) : Prop :=
  match A with
  | relu => (0 <= z /\ a == 1) \/ (z <= 0 /\ a == 0)
  | leaky s => (0 <= z /\ a == 1) \/ (z <= 0 /\ a == s)
  | absolute => (0 <= z /\ a == 1) \/ (z <= 0 /\ a == - (1))
  | identity => a == 1
  | relu_power _ => False
  end.

Fixpoint slopes_of (A : activation) (z a : list Q) : Prop :=
  match z, a with
  | z1 :: z', a1 :: a' => slope_of A z1 a1 /\ slopes_of A z' a'
  | [], [] => True
  | _, _ => False
  end.

(* x and the weights are in the closed cell with these slopes. *)
Fixpoint on_cell (net : list layer) (slopes : list (list Q)) (x : list Q) : Prop :=
  match net, slopes with
  | (A, W, b) :: rest, a :: s =>
      slopes_of A (preactivations W b x) a /\ on_cell rest s (map (apply A) (preactivations W b x))
  | [], [] => True
  | _, _ => False
  end.

Fixpoint times (a z : list Q) : list Q :=
  match a, z with
  | a1 :: a', z1 :: z' => (a1 * z1) :: times a' z'
  | _, _ => []
  end.

Fixpoint features_on (net : list layer) (slopes : list (list Q)) (x : list Q) : list Q :=
  match net, slopes with
  | (_, W, b) :: rest, a :: s => features_on rest s (times a (preactivations W b x))
  | _, _ => x
  end.

(* The polynomial of the cell. *)
Definition value_on (i : nat) (net : list layer) (slopes : list (list Q)) (W : list (list Q)) (b x : list Q) : Q :=
  nth i (preactivations W b (features_on net slopes x)) 0.

Definition same := Forall2 Qeq.

Lemma dot_same : forall u h k, same h k -> dot u h == dot u k.
Proof.
  intros u h k H; revert u; induction H as [|a b h k E H IH]; intros [|c u]; cbn [dot]; try reflexivity.
  destruct u as [|c' u'].
  - destruct H; cbn [dot]; [rewrite E; reflexivity | rewrite E; reflexivity].
  - specialize (IH (c' :: u')); destruct H as [|a' b' h' k' E' H'].
    + rewrite E; reflexivity.
    + rewrite E, IH; reflexivity.
Qed.

Lemma preactivations_same : forall W b h k, same h k -> same (preactivations W b h) (preactivations W b k).
Proof.
  induction W as [|row W IH]; intros b h k H; cbn; [constructor|].
  destruct b as [|c b]; constructor; try (apply IH; exact H); rewrite (dot_same row h k H); reflexivity.
Qed.

Lemma nth_same : forall i h k, same h k -> nth i h 0 == nth i k 0.
Proof. induction i; intros h k H; destruct H; cbn; auto; reflexivity. Qed.

Lemma same_refl : forall h, same h h.
Proof. induction h; constructor; auto; reflexivity. Qed.

Lemma same_sym : forall h k, same h k -> same k h.
Proof. intros h k H; induction H; constructor; auto; symmetry; assumption. Qed.

Lemma same_trans : forall h k l, same h k -> same k l -> same h l.
Proof.
  intros h k l H; revert l; induction H as [|a b h k E H IH]; intros l H2; inversion H2; subst; constructor.
  - rewrite E; assumption.
  - apply IH; assumption.
Qed.

Lemma times_same : forall a h k, same h k -> same (times a h) (times a k).
Proof.
  induction a as [|a1 a IH]; intros h k H; cbn; [constructor|].
  destruct H as [|b c h k E H]; [constructor|]. constructor; [rewrite E; reflexivity | apply IH; exact H].
Qed.

Lemma features_on_same : forall net s h k, same h k -> same (features_on net s h) (features_on net s k).
Proof.
  induction net as [|[[A W] b] net IH]; intros [|a s] h k H; cbn; try exact H.
  apply IH, times_same, preactivations_same, H.
Qed.

Lemma apply_same : forall A z y, z == y -> apply A z == apply A y.
Proof. intros A z y E; destruct A; cbn; try rewrite E; reflexivity. Qed.

Lemma map_apply_same : forall A h k, same h k -> same (map (apply A) h) (map (apply A) k).
Proof. intros A h k H; induction H; constructor; auto. apply apply_same; assumption. Qed.

Lemma apply_on : forall A z a, slope_of A z a -> apply A z == a * z.
Proof.
  intros [| s | | | n] z a H; cbn in *; try tauto.
  - destruct H as [[L E] | [L E]]; rewrite E; [rewrite (Q.max_r 0 z L) | rewrite (Q.max_l 0 z L)]; ring.
  - destruct H as [[L E] | [L E]]; rewrite E.
    + rewrite (Q.max_r 0 z L), (Q.min_l 0 z L); ring.
    + rewrite (Q.max_l 0 z L), (Q.min_r 0 z L); ring.
  - destruct H as [[L E] | [L E]]; rewrite E; [rewrite Q.max_l | rewrite Q.max_r]; lra.
  - rewrite H; ring.
Qed.

Lemma map_on : forall A z a, slopes_of A z a -> same (map (apply A) z) (times a z).
Proof.
  intros A z; induction z as [|z1 z IH]; intros [|a1 a] H; cbn in *; try tauto; constructor.
  - apply apply_on; tauto.
  - apply IH; tauto.
Qed.

Lemma features_on_cell : forall net s x, on_cell net s x -> same (features net x) (features_on net s x).
Proof.
  induction net as [|[[A W] b] net IH]; intros [|a s] x H; cbn in *; try tauto; [apply same_refl|].
  destruct H as [H1 H2]. apply IH in H2.
  apply (same_trans _ _ _ H2), features_on_same, map_on, H1.
Qed.

(* On a cell the net is the polynomial of the cell. *)
Theorem value_on_cell : forall i net s W b x, on_cell net s x -> value i net W b x == value_on i net s W b x.
Proof. intros; unfold value, value_on; apply nth_same, preactivations_same, features_on_cell; assumption. Qed.

(* The closed cell, by the preactivations of the polynomials. *)
Fixpoint on_cell_on (net : list layer) (slopes : list (list Q)) (x : list Q) : Prop :=
  match net, slopes with
  | (A, W, b) :: rest, a :: s =>
      slopes_of A (preactivations W b x) a /\ on_cell_on rest s (times a (preactivations W b x))
  | [], [] => True
  | _, _ => False
  end.

Lemma slope_of_same : forall A z y a, z == y -> slope_of A z a -> slope_of A y a.
Proof. intros [] z y a E; cbn; try rewrite E; auto. Qed.

Lemma slopes_of_same : forall A h k a, same h k -> slopes_of A h a -> slopes_of A k a.
Proof.
  intros A h k a H; revert a; induction H as [|z y h k E H IH]; intros [|a1 a]; cbn; auto.
  intros [H1 H2]; split; [eapply slope_of_same; eauto | apply IH, H2].
Qed.

Lemma on_cell_same : forall net s h k, same h k -> on_cell net s h -> on_cell net s k.
Proof.
  induction net as [|[[A W] b] net IH]; intros [|a s] h k E; cbn; auto.
  intros [H1 H2]; split.
  - eapply slopes_of_same; [apply preactivations_same, E | exact H1].
  - eapply IH; [apply map_apply_same, preactivations_same, E | exact H2].
Qed.

Theorem on_cell_iff : forall net s x, on_cell net s x <-> on_cell_on net s x.
Proof.
  induction net as [|[[A W] b] net IH]; intros [|a s] x; cbn [on_cell on_cell_on]; try tauto.
  split; intros [H1 H2]; split; auto.
  - apply IH. eapply on_cell_same; [apply map_on, H1 | exact H2].
  - apply IH in H2. eapply on_cell_same; [apply same_sym, map_on, H1 | exact H2].
Qed.

(* A positive multiple of a preactivation has the same slope. *)
Lemma slope_scaled : forall A c z y a, 0 < c -> y == c * z -> slope_of A z a -> slope_of A y a.
Proof.
  intros A c z y a P E H. apply (slope_of_same A (c * z)); [symmetry; exact E|].
  assert (0 <= z -> 0 <= c * z) as U by (intros; apply Qmult_le_0_compat; lra).
  assert (z <= 0 -> c * z <= 0) as D.
  { intros L. assert (0 <= c * (- z)) by (apply Qmult_le_0_compat; lra). lra. }
  destruct A; cbn in *; tauto.
Qed.

Ltac scaled_slope c positive := match goal with
  | H : slope_of ?A ?z ?a |- slope_of ?A ?y ?a => apply (slope_scaled A c z y a); [exact positive | ring | exact H]
  end.

(* ---- open cells: a sign for every unit; "nought" where the preactivation vanishes on all of the cell,
   "any" for units of the identity *)

Inductive sign := minus | nought | plus | any.

Definition has_sign (s : sign) (z : Q) : Prop :=
  match s with minus => z < 0 | nought => z == 0 | plus => 0 < z | any => True end.

Fixpoint have_signs (s : list sign) (z : list Q) : Prop :=
  match s, z with
  | s1 :: s', z1 :: z' => has_sign s1 z1 /\ have_signs s' z'
  | [], [] => True
  | _, _ => False
  end.

Fixpoint in_cell (net : list layer) (signs : list (list sign)) (x : list Q) : Prop :=
  match net, signs with
  | (A, W, b) :: rest, s :: s' =>
      have_signs s (preactivations W b x) /\ in_cell rest s' (map (apply A) (preactivations W b x))
  | [], [] => True
  | _, _ => False
  end.

Definition slope (A : activation) (s : sign) : Q :=
  match A, s with
  | identity, _ => 1
  | _, plus => 1
  | leaky a, minus => a
  | absolute, minus => - (1)
  | _, _ => 0
  end.

Fixpoint slopes_by (net : list layer) (signs : list (list sign)) : list (list Q) :=
  match net, signs with
  | (A, _, _) :: rest, s :: s' => map (slope A) s :: slopes_by rest s'
  | _, _ => []
  end.

Definition fits (A : activation) (s : sign) : bool :=
  match A, s with relu_power _, _ => false | identity, _ => true | _, any => false | _, _ => true end.

Fixpoint fit (net : list layer) (signs : list (list sign)) : bool :=
  match net, signs with
  | (A, _, _) :: rest, s :: s' => forallb (fits A) s && fit rest s'
  | [], [] => true
  | _, _ => false
  end.

(* The same conditions, on the polynomials of the cell. *)
Fixpoint in_cell_on (net : list layer) (signs : list (list sign)) (x : list Q) : Prop :=
  match net, signs with
  | (A, W, b) :: rest, s :: s' =>
      have_signs s (preactivations W b x) /\ in_cell_on rest s' (times (map (slope A) s) (preactivations W b x))
  | [], [] => True
  | _, _ => False
  end.

Lemma has_sign_same : forall s z y, z == y -> has_sign s z -> has_sign s y.
Proof. intros [] z y E; cbn; try rewrite E; auto. Qed.

Lemma have_signs_same : forall s h k, same h k -> have_signs s h -> have_signs s k.
Proof.
  induction s as [|s1 s IH]; intros h k H; destruct H; cbn; auto.
  intros [H1 H2]; split; [eapply has_sign_same; eauto | eapply IH; eauto].
Qed.

Lemma apply_at_zero : forall A s, fits A s = true -> apply A 0 == 0.
Proof. intros [| a | | |] s G; try reflexivity; [|destruct s; discriminate G]. cbn. change (0 + a * 0 == 0). ring. Qed.

Lemma slope_of_sign : forall A s z, fits A s = true -> s <> nought -> has_sign s z -> slope_of A z (slope A s).
Proof.
  intros A s z G N H; destruct A, s; cbn in *; try discriminate; try tauto; try reflexivity;
    ((left; split; [lra | reflexivity]) || (right; split; [lra | reflexivity])).
Qed.

Lemma apply_by_sign : forall A s z, fits A s = true -> has_sign s z -> apply A z == slope A s * z.
Proof.
  intros A s z G H. destruct (match s with nought => true | _ => false end) eqn:E.
  - assert (s = nought) as -> by (destruct s; congruence). cbn in H.
    rewrite (apply_same A z 0 H), (apply_at_zero A nought G), H. ring.
  - apply apply_on, slope_of_sign; auto. intros ->; discriminate.
Qed.

Lemma map_by_signs : forall A s z, forallb (fits A) s = true -> have_signs s z ->
  same (map (apply A) z) (times (map (slope A) s) z).
Proof.
  intros A s; induction s as [|s1 s IH]; intros [|z1 z] G H; cbn in *; try tauto; constructor;
    apply andb_prop in G; destruct G as [G1 G2].
  - apply apply_by_sign; tauto.
  - apply IH; tauto.
Qed.

Lemma in_cell_same : forall net s h k, same h k -> in_cell net s h -> in_cell net s k.
Proof.
  induction net as [|[[A W] b] net IH]; intros [|s s'] h k E; cbn; auto.
  intros [H1 H2]; split.
  - eapply have_signs_same; [apply preactivations_same, E | exact H1].
  - eapply IH; [apply map_apply_same, preactivations_same, E | exact H2].
Qed.

Lemma in_cell_on_same : forall net s h k, same h k -> in_cell_on net s h -> in_cell_on net s k.
Proof.
  induction net as [|[[A W] b] net IH]; intros [|s s'] h k E; cbn; auto.
  intros [H1 H2]; split.
  - eapply have_signs_same; [apply preactivations_same, E | exact H1].
  - eapply IH; [apply times_same, preactivations_same, E | exact H2].
Qed.

(* An open cell, by the net's own preactivations or by those of the polynomials: it is the same. *)
Theorem in_cell_iff : forall net s x, fit net s = true -> (in_cell net s x <-> in_cell_on net s x).
Proof.
  induction net as [|[[A W] b] net IH]; intros [|s s'] x G; cbn [in_cell in_cell_on]; try tauto.
  cbn in G; apply andb_prop in G; destruct G as [G1 G2].
  split; intros [H1 H2]; split; auto.
  - apply IH; auto. eapply in_cell_same; [apply map_by_signs; eauto | exact H2].
  - apply IH in H2; auto. eapply in_cell_same; [apply same_sym, map_by_signs; eauto | exact H2].
Qed.

Theorem features_in_cell : forall net s x, fit net s = true -> in_cell net s x ->
  same (features net x) (features_on net (slopes_by net s) x).
Proof.
  induction net as [|[[A W] b] net IH]; intros [|s s'] x G H; cbn [in_cell] in H; try tauto; [apply same_refl|].
  cbn in G; apply andb_prop in G; destruct G as [G1 G2]; destruct H as [H1 H2].
  cbn [features slopes_by features_on]. apply IH in H2; auto.
  apply (same_trans _ _ _ H2), features_on_same, map_by_signs; auto.
Qed.

Theorem value_in_cell : forall i net s W b x, fit net s = true -> in_cell net s x ->
  value i net W b x == value_on i net (slopes_by net s) W b x.
Proof. intros; unfold value, value_on; apply nth_same, preactivations_same, features_in_cell; assumption. Qed.

Theorem feature_on_cell : forall i net s x, on_cell net s x -> nth i (features net x) 0 == nth i (features_on net s x) 0.
Proof. intros; apply nth_same, features_on_cell; assumption. Qed.

Lemma relu_slope_squared : forall z a, slope_of relu z a -> a * a - a == 0.
Proof. intros z a [[_ E] | [_ E]]; rewrite E; ring. Qed.

Lemma absolute_slope_squared : forall z a, slope_of absolute z a -> a * a - 1 == 0.
Proof. intros z a [[_ E] | [_ E]]; rewrite E; ring. Qed.

(* ---- derivatives: a function that is affine in one variable has its slope as its derivative *)

Definition has_slope (f : Q -> Q) (v d : Q) : Prop := forall t, f (v + t) == f v + t * d.

(* A polynomial has the derivative d at v where the remainder is t*t times something that is a polynomial in t. *)
Definition has_derivative (f : Q -> Q) (v d : Q) (r : Q -> Q) : Prop := forall t, f (v + t) == f v + t * d + t * t * r t.

(* ---- polynomials in a small positive number *)

Fixpoint horner (p : list Q) (e : Q) : Q := match p with [] => 0 | c :: p' => c + e * horner p' e end.
Fixpoint low (p : list Q) (e0 : Q) : Q := match p with [] => 0 | c :: p' => c + Qmin 0 (e0 * low p' e0) end.

Lemma low_is_below : forall p e e0, 0 <= e -> e <= e0 -> low p e0 <= horner p e.
Proof.
  induction p as [|c p IH]; intros e e0 P L; cbn; [lra|].
  specialize (IH e e0 P L). assert (Qmin 0 (e0 * low p e0) <= e * horner p e); [|lra].
  destruct (Qlt_le_dec (low p e0) 0) as [N | N].
  - apply Qle_trans with (e0 * low p e0); [apply Q.le_min_r|].
    apply Qle_trans with (e * low p e0).
    + assert (0 <= (e0 - e) * (- low p e0)) by (apply Qmult_le_0_compat; lra). lra.
    + assert (0 <= e * (horner p e - low p e0)) by (apply Qmult_le_0_compat; lra). lra.
  - apply Qle_trans with 0; [apply Q.le_min_l|]. apply Qmult_le_0_compat; lra.
Qed.

Fixpoint power (e : Q) (m : nat) : Q := match m with O => 1 | S m' => e * power e m' end.

Lemma positive_power : forall e m, 0 < e -> 0 < power e m.
Proof. intros e m P; induction m; cbn; [lra | apply Qmult_lt_0_compat; assumption]. Qed.

(* z(e) = e^m p(e), and p has a positive lower bound up to e0. *)
Lemma positive_for_small : forall z m p e e0, z == power e m * horner p e -> 0 < e -> e <= e0 -> 0 < low p e0 -> 0 < z.
Proof.
  intros z m p e e0 E P L H. rewrite E. apply Qmult_lt_0_compat.
  - apply positive_power; exact P.
  - apply Qlt_le_trans with (low p e0); [exact H | apply low_is_below; lra].
Qed.

Lemma negative_for_small : forall z m p e e0, z == - (power e m * horner p e) -> 0 < e -> e <= e0 -> 0 < low p e0 -> z < 0.
Proof.
  intros z m p e e0 E P L H. assert (0 < - z) as N; [|lra].
  apply (positive_for_small (- z) m p e e0); auto. rewrite E; ring.
Qed.

(* ---- convex hulls *)

Fixpoint plus_ (u v : list Q) : list Q := match u, v with a :: u', b :: v' => (a + b) :: plus_ u' v' | _, _ => [] end.
Definition zeros (n : nat) : list Q := repeat 0 n.
Fixpoint combination (n : nat) (l : list Q) (vs : list (list Q)) : list Q :=
  match l, vs with a :: l', v :: vs' => plus_ (map (Qmult a) v) (combination n l' vs') | _, _ => zeros n end.
Fixpoint sum (l : list Q) : Q := match l with [] => 0 | a :: l' => a + sum l' end.

Definition in_hull (n : nat) (vs : list (list Q)) (s : list Q) : Prop :=
  exists l, length l = length vs /\ Forall (Qle 0) l /\ sum l == 1 /\ same s (combination n l vs).
Definition of_size (n : nat) (vs : list (list Q)) : Prop := Forall (fun v => length v = n) vs.

Lemma dot_cons : forall a u b v, dot (a :: u) (b :: v) == a * b + dot u v.
Proof. intros a u b v; destruct u, v; cbn; ring. Qed.

Lemma dot_plus : forall u v w, length u = length v -> length u = length w -> dot u (plus_ v w) == dot u v + dot u w.
Proof.
  induction u as [|a u IH]; intros [|b v] [|c w] H1 H2; try discriminate; cbn [plus_]; [cbn; ring|].
  injection H1 as H1; injection H2 as H2.
  assert (length u = length (plus_ v w)) as H3.
  { clear IH; revert v w H1 H2; induction u; intros [|] [|] H1 H2; try discriminate; cbn; auto. }
  rewrite !dot_cons, IH by congruence. ring.
Qed.

Lemma dot_scaled : forall c u v, dot u (map (Qmult c) v) == c * dot u v.
Proof.
  intros c u; induction u as [|a u IH]; intros [|b v]; try (cbn; ring).
  - destruct u; cbn; ring.
  - cbn [map]. rewrite !dot_cons, IH; ring.
Qed.

Lemma length_combination : forall n vs l, of_size n vs -> length (combination n l vs) = n.
Proof.
  intros n vs; induction vs as [|v vs IH]; intros [|a l] H; cbn; try apply repeat_length.
  inversion H; subst. specialize (IH l H3). revert IH. generalize (combination (length v) l vs). clear.
  induction v; intros [|] H; cbn in *; try discriminate; auto.
Qed.

Lemma dot_zeros : forall u n, dot u (zeros n) == 0.
Proof.
  induction u as [|a u IH]; intros n; [reflexivity|]. destruct n; [destruct u; reflexivity|].
  unfold zeros in *; cbn [repeat]. rewrite dot_cons, IH; ring.
Qed.

Lemma functional_on_combination : forall n u c vs l, length u = n -> of_size n vs -> length l = length vs -> Forall (Qle 0) l ->
  Forall (fun v => c <= dot u v) vs -> c * sum l <= dot u (combination n l vs).
Proof.
  intros n u c vs; induction vs as [|v vs IH]; intros [|a l] U S E P H; cbn [combination sum length] in *; try discriminate.
  - rewrite dot_zeros; lra.
  - inversion S; inversion P; inversion H; subst. injection E as E.
    rewrite dot_plus, dot_scaled.
    + assert (c * sum l <= dot u (combination (length u) l vs)) by (apply IH; auto).
      assert (0 <= a * (dot u v - c)) by (apply Qmult_le_0_compat; lra). lra.
    + rewrite map_length; congruence.
    + rewrite length_combination; auto.
Qed.

(* A functional that is at least c at the generators is so on the hull. *)
Theorem functional_on_hull : forall n u c vs s, length u = n -> of_size n vs -> Forall (fun v => c <= dot u v) vs -> in_hull n vs s -> c <= dot u s.
Proof.
  intros n u c vs s U S H (l & E & P & One & Same).
  rewrite (dot_same u _ _ Same). pose proof (functional_on_combination n u c vs l U S E P H) as B. rewrite One in B. lra.
Qed.

Lemma square_nonneg : forall a : Q, 0 <= a * a.
Proof.
  intros a. destruct (Qlt_le_dec a 0) as [H | H].
  - assert (0 <= (- a) * (- a)) by (apply Qmult_le_0_compat; lra). lra.
  - apply Qmult_le_0_compat; lra.
Qed.

Lemma cauchy : forall u v, length u = length v -> 2 * dot u v <= dot u u + dot v v.
Proof.
  induction u as [|a u IH]; intros [|b v] E.
  - cbn; lra.
  - discriminate E.
  - discriminate E.
  - injection E as E. rewrite !dot_cons. specialize (IH v E). pose proof (square_nonneg (a - b)). lra.
Qed.

(* x is in the hull, and no element is shorter than one with <x, v> >= <x, x> at every generator v. *)
Theorem shortest_in_hull : forall n vs x, length x = n -> of_size n vs -> Forall (fun v => dot x x <= dot x v) vs ->
  forall s, length s = n -> in_hull n vs s -> dot x x <= dot s s.
Proof.
  intros n vs x L S H s Ls I. pose proof (functional_on_hull n x (dot x x) vs s L S H I) as B.
  pose proof (cauchy x s) as C. rewrite L, Ls in C. specialize (C eq_refl). lra.
Qed.

(* What a functional separates from the generators is not in their hull. *)
Theorem separated : forall n u c vs s, length u = n -> of_size n vs -> Forall (fun v => c <= dot u v) vs ->
  dot u s < c -> ~ in_hull n vs s.
Proof. intros n u c vs s L S H B I. pose proof (functional_on_hull n u c vs s L S H I). lra. Qed.

(* Certificates of hulls: numbers that are compared. *)
Fixpoint same_numbers (u v : list Q) : bool :=
  match u, v with a :: u', b :: v' => Qeq_bool a b && same_numbers u' v' | [], [] => true | _, _ => false end.
Definition all_of_size (n : nat) (vs : list (list Q)) : bool := forallb (fun v => Nat.eqb (length v) n) vs.

Lemma same_numbers_same : forall u v, same_numbers u v = true -> same u v.
Proof.
  induction u as [|a u IH]; intros [|b v] H; cbn in H; try discriminate H; constructor;
    apply andb_prop in H; destruct H as [H1 H2]; [apply Qeq_bool_eq, H1 | apply IH, H2].
Qed.

Lemma all_of_size_of_size : forall n vs, all_of_size n vs = true -> of_size n vs.
Proof. intros n vs H; apply Forall_forall; intros v I. apply Nat.eqb_eq. exact (proj1 (forallb_forall _ _) H v I). Qed.

Lemma at_least : forall u c vs, forallb (fun v => Qle_bool c (dot u v)) vs = true -> Forall (fun v => c <= dot u v) vs.
Proof. intros u c vs H; apply Forall_forall; intros v I. apply Qle_bool_iff. exact (proj1 (forallb_forall _ _) H v I). Qed.

Theorem by_weights : forall n l vs s, Nat.eqb (length l) (length vs) && forallb (Qle_bool 0) l && Qeq_bool (sum l) 1 &&
  same_numbers s (combination n l vs) = true -> in_hull n vs s.
Proof.
  intros n l vs s H. apply andb_prop in H; destruct H as [H H4]. apply andb_prop in H; destruct H as [H H3].
  apply andb_prop in H; destruct H as [H1 H2]. exists l. repeat split.
  - apply Nat.eqb_eq, H1.
  - apply Forall_forall; intros a I. apply Qle_bool_iff. exact (proj1 (forallb_forall _ _) H2 a I).
  - apply Qeq_bool_eq, H3.
  - apply same_numbers_same, H4.
Qed.

Theorem by_functional : forall n u c vs s, Nat.eqb (length u) n && all_of_size n vs && forallb (fun v => Qle_bool c (dot u v)) vs &&
  negb (Qle_bool c (dot u s)) = true -> ~ in_hull n vs s.
Proof.
  intros n u c vs s H. apply andb_prop in H; destruct H as [H H4]. apply andb_prop in H; destruct H as [H H3].
  apply andb_prop in H; destruct H as [H1 H2]. apply (separated n u c).
  - apply Nat.eqb_eq, H1.
  - apply all_of_size_of_size, H2.
  - apply at_least, H3.
  - apply Qnot_le_lt. intros L. apply Qle_bool_iff in L. rewrite L in H4. discriminate H4.
Qed.

Theorem by_variation : forall n vs x, Nat.eqb (length x) n && all_of_size n vs && forallb (fun v => Qle_bool (dot x x) (dot x v)) vs = true ->
  forall s, length s = n -> in_hull n vs s -> dot x x <= dot s s.
Proof.
  intros n vs x H. apply andb_prop in H; destruct H as [H H3]. apply andb_prop in H; destruct H as [H1 H2].
  apply shortest_in_hull; [apply Nat.eqb_eq, H1 | apply all_of_size_of_size, H2 | apply at_least, H3].
Qed.

(* ---- glue *)

Lemma nonnegative_sum : forall a b, 0 <= a -> 0 <= b -> 0 <= a + b.
Proof. intros; lra. Qed.

Lemma nonnegative_square : forall c a, 0 <= c -> 0 <= c * (a * a).
Proof. intros c a H; apply Qmult_le_0_compat; [exact H | apply square_nonneg]. Qed.

Lemma positive_sum : forall a b, 0 < a -> 0 < b -> 0 < a + b.
Proof. intros; lra. Qed.

Lemma by_difference : forall a b c, a - b == c -> c == 0 -> a == b.
Proof. intros a b c H Z. rewrite Z in H. lra. Qed.

Lemma by_squares : forall a b c, b - a == c -> 0 <= c -> a <= b.
Proof. intros; lra. Qed.

Lemma below_zero : forall z, z < 0 -> 0 < - z.
Proof. intros; lra. Qed.

(* Unfolds a net with slopes to its polynomial. *)
Ltac polynomial := cbv [value value_on features features_on preactivations times nth dot map slopes_by slope in_cell_on
  have_signs has_sign on_cell slopes_of slope_of apply].

(* a*a - a == 0 for a slope of a unit of relu, from the cell that it is a slope of. *)
Ltac squared lemma :=
  repeat match goal with H : on_cell _ _ _ |- _ => cbn [on_cell slopes_of preactivations map] in H end;
  repeat match goal with H : _ /\ _ |- _ => destruct H end;
  eapply lemma; eassumption.

Ltac unfolded_cells := repeat match goal with
  | H : on_cell_on _ _ _ |- _ => cbn [on_cell_on slopes_of preactivations times nth dot map] in H
  | H : _ /\ _ |- _ => destruct H
  end; cbn [on_cell_on slopes_of preactivations times nth dot map].

Ltac pieces := repeat match goal with |- _ /\ _ => split end.

(* Numbers only. *)
Ltac numbers := match goal with
  | |- _ /\ _ => split; numbers
  | |- True => exact I
  | |- _ = _ => vm_compute; reflexivity
  | |- _ == _ => vm_compute; reflexivity
  | |- _ < _ => vm_compute; reflexivity
  | |- _ <= _ => let H := fresh in vm_compute; intros H; discriminate H
  | |- ~ _ => let H := fresh in intros H; vm_compute in H; discriminate H
  end.

Ltac in_numbers := cbn [in_cell have_signs has_sign preactivations map]; numbers.

(* What a list of these rests on, all of its theorems do. *)
Definition said {statement : Prop} (proof : statement) : True := I.
