(* Balancing neuron by neuron: what goes into a hidden relu and what goes out of it.

   Catalogue: A31 (stronger, per neuron: |W_l[j, :]|^2 - |W_(l+1)[:, j]|^2), D3.

   For every depth and all widths, no biases: multiplying the incoming weights of hidden unit j of layer l by a > 0 and
   dividing its outgoing weights by a does not change the net. By balancing.v the difference of the squared norms of
   the two groups is constant along every flow of every risk, at kinks too. *)

From Coq Require Import Reals Lra Lia Psatz List Arith.
From Symflow Require Import finite_sums clarke_differential activation_matrices nets_and_the_clarke_differential.
From Symflow Require Import balancing.
Import ListNotations.
Open Scope R_scope.

Definition next_shape (others : list shape) (last : shape) : shape :=
  match others with [] => last | s :: _ => s end.

(* Coordinates of row j of the matrix of hidden layer l (from 0), and of column j of the matrix after it. *)
Fixpoint incoming (hidden : list shape) (l j : nat) : group :=
  fun i => match hidden, l with
  | [], _ => false
  | s :: _, O => andb (i <? entries s) (i / snd s =? j)%nat
  | s :: others, S l' => if i <? entries s then false else incoming others l' j (i - entries s)%nat
  end.

Fixpoint outgoing (hidden : list shape) (last : shape) (l j : nat) : group :=
  fun i => match hidden, l with
  | [], _ => false
  | s :: others, O =>
      andb (entries s <=? i) (andb (i - entries s <? entries (next_shape others last))%nat
                                   ((i - entries s) mod snd (next_shape others last) =? j)%nat)
  | s :: others, S l' => if i <? entries s then false else outgoing others last l' j (i - entries s)%nat
  end.

Theorem incoming_and_outgoing_are_disjoint hidden last l j : disjoint (incoming hidden l j) (outgoing hidden last l j).
Proof.
  revert l. induction hidden as [ | s others IH ]; intros l i; [ discriminate | destruct l as [ | l ] ]; simpl.
  - destruct (Nat.ltb_spec i (entries s)), (Nat.leb_spec (entries s) i); simpl; try discriminate; try reflexivity. lia.
  - destruct (i <? entries s); [ discriminate | apply IH ].
Qed.

(* The first matrix with row j multiplied by a; with column j divided by a. *)
Lemma apply_with_scaled_row s theta theta' j a x i :
  (forall k, (k < entries s)%nat -> theta' k = if (k / snd s =? j)%nat then a * theta k else theta k) ->
  apply (first_layer s theta') x i = (if i =? j then a else 1) * apply (first_layer s theta) x i.
Proof.
  intros H. unfold apply. simpl. rewrite <- sum_scale. apply sum_extensional. intros q Hq.
  destruct (Nat.ltb_spec i (fst s)), (Nat.ltb_spec q (snd s)); simpl; try ring.
  rewrite H by (apply entry_in_range; assumption).
  rewrite Nat.div_add_l, (Nat.div_small q), Nat.add_0_r by lia.
  destruct (i =? j); ring.
Qed.

Lemma apply_with_scaled_column s theta theta' j a y y' i :
  a <> 0 -> (forall k, (k < entries s)%nat -> theta' k = if (k mod snd s =? j)%nat then theta k / a else theta k) ->
  (forall q, y' q = (if q =? j then a else 1) * y q) ->
  apply (first_layer s theta') y' i = apply (first_layer s theta) y i.
Proof.
  intros Ha H Hy. unfold apply. simpl. apply sum_extensional. intros q Hq.
  destruct (Nat.ltb_spec i (fst s)), (Nat.ltb_spec q (snd s)); simpl; try ring.
  rewrite H, Hy by (apply entry_in_range; assumption).
  rewrite Nat.add_comm, Nat.mod_add, (Nat.mod_small q) by lia.
  destruct (q =? j); [ field; exact Ha | ring ].
Qed.

Theorem a_neuron_can_be_rescaled hidden last x o l j :
  invariant (incoming hidden l j) (outgoing hidden last l j) (net_of_weights hidden last x o).
Proof.
  intros a theta Ha. revert l x theta.
  induction hidden as [ | s others IH ]; intros l x theta.
  - unfold net_of_weights. simpl. f_equal.
  - rewrite !net_of_weights_step. destruct l as [ | l ].
    + set (theta' := rescale (incoming (s :: others) 0 j) (outgoing (s :: others) last 0 j) a theta).
      set (y := fun i => relu (apply (first_layer s theta) x i)).
      set (y' := fun i => relu (apply (first_layer s theta') x i)).
      assert (Hy : forall q, y' q = (if q =? j then a else 1) * y q).
      { intros q. unfold y', y. rewrite (apply_with_scaled_row s theta theta' j a).
        - apply relu_scale. destruct (q =? j); lra.
        - intros k Hk. unfold theta', rescale. simpl.
          destruct (Nat.ltb_spec k (entries s)); [ simpl | lia ].
          destruct (k / snd s =? j)%nat; [ reflexivity | ].
          destruct (Nat.leb_spec (entries s) k); [ lia | reflexivity ]. }
      assert (Hlater : forall k, later s theta' k
        = if andb (k <? entries (next_shape others last)) (k mod snd (next_shape others last) =? j)%nat
          then later s theta k / a else later s theta k).
      { intros k. unfold later, theta', rescale. simpl.
        destruct (Nat.ltb_spec (entries s + k) (entries s)); [ lia | simpl ].
        destruct (Nat.leb_spec (entries s) (entries s + k)); [ simpl | lia ].
        replace (entries s + k - entries s)%nat with k by lia. reflexivity. }
      assert (Hcolumn : forall i, apply (first_layer (next_shape others last) (later s theta')) y' i
        = apply (first_layer (next_shape others last) (later s theta)) y i).
      { intros i. apply (apply_with_scaled_column _ _ _ j a); [ lra | | exact Hy ].
        intros k Hk. rewrite Hlater.
        destruct (Nat.ltb_spec k (entries (next_shape others last))); [ reflexivity | lia ]. }
      destruct others as [ | s' more ].
      * unfold net_of_weights, net. simpl. apply Hcolumn.
      * rewrite !net_of_weights_step. simpl in Hcolumn, Hlater.
        replace (fun i => relu (apply (first_layer s' (later s theta')) y' i))
          with (fun i => relu (apply (first_layer s' (later s theta)) y i))
          by (apply equal_vectors; intros i; now rewrite Hcolumn).
        f_equal. apply equal_vectors. intros k. unfold later at 1 3. rewrite Hlater.
        destruct (Nat.ltb_spec (entries s' + k) (entries s')); [ lia | reflexivity ].
    + replace (later s (rescale (incoming (s :: others) (S l) j) (outgoing (s :: others) last (S l) j) a theta))
        with (rescale (incoming others l j) (outgoing others last l j) a (later s theta)).
      * rewrite (equal_layers s
          (rescale (incoming (s :: others) (S l) j) (outgoing (s :: others) last (S l) j) a theta) theta);
          [ apply IH | ].
        intros k Hk. unfold rescale. simpl. destruct (Nat.ltb_spec k (entries s)); [ reflexivity | lia ].
      * apply equal_vectors. intros k. unfold later, rescale. simpl.
        destruct (Nat.ltb_spec (entries s + k) (entries s)); [ lia | ].
        replace (entries s + k - entries s)%nat with k by lia. reflexivity.
Qed.

Theorem balancing_of_a_neuron hidden last x of_outputs l j corners t0 t1 w v :
  let d := dimension hidden last in
  t0 <= t1 -> descends d corners t0 t1 w v ->
  (forall t, t0 < t < t1 -> ~ In t corners -> clarke d (risk hidden last x of_outputs) (w t) (v t)) ->
  square d (incoming hidden l j) (w t1) - square d (incoming hidden l j) (w t0)
    = square d (outgoing hidden last l j) (w t1) - square d (outgoing hidden last l j) (w t0).
Proof.
  intros d Ht Hw Hv.
  apply (balancing_for_every_clarke_flow d _ _ (risk hidden last x of_outputs) corners t0 t1 w v Ht); try assumption.
  - apply incoming_and_outgoing_are_disjoint.
  - intros a theta Ha. unfold risk. f_equal.
    apply (FunctionalExtensionality.functional_extensionality (A := nat) (B := vector)). intros k.
    apply equal_vectors. intros o. now apply a_neuron_can_be_rescaled.
Qed.

(* All of the above in one value, so that all axioms are printed once. *)
Definition theorems := (incoming_and_outgoing_are_disjoint, a_neuron_can_be_rescaled, balancing_of_a_neuron).
Print Assumptions theorems.
