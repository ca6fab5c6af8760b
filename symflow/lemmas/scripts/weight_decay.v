(* Balancing under weight decay: the difference does not stay, it decays.

   Catalogue: W6 (the flow of R + (lambda/2) |w|^2 multiplies |W_i|^2 - |W_j|^2 by e^(-2 lambda t)).

   The flow is w' = - (v + lambda w), v in the Clarke differential of a risk that does not change when the weights in
   P are multiplied by a > 0 and those in Q divided by a (any two matrices of a net without biases, or what goes in and
   out of one hidden unit: balancing.v, balancing_of_a_neuron.v), continuous, with finitely many corners. *)

From Coq Require Import Reals Lra Lia Psatz List.
From Symflow Require Import finite_sums clarke_differential piecewise_differentiable balancing.
Open Scope R_scope.

Lemma part_of_a_penalised_field d P v lambda w :
  dot d (fun i => v i + lambda * w i) (part P w) = dot d v (part P w) + lambda * square d P w.
Proof.
  unfold square, dot. rewrite <- sum_scale, <- sum_plus. apply sum_extensional. intros i _.
  unfold part. destruct (P i); ring.
Qed.

Theorem balancing_under_weight_decay d P Q f lambda corners a b w v :
  a <= b -> disjoint P Q -> invariant P Q f ->
  descends d corners a b w (fun t i => v t i + lambda * w t i) ->
  (forall t, a < t < b -> ~ In t corners -> clarke d f (w t) (v t)) ->
  square d P (w b) - square d Q (w b) = exp (- 2 * lambda * (b - a)) * (square d P (w a) - square d Q (w a)).
Proof.
  intros Hab HPQ Hf [Hcont Hder] Hv.
  set (D := fun t => square d P (w t) + -1 * square d Q (w t)).
  assert (E : D b * exp (2 * lambda * b) = D a * exp (2 * lambda * a)).
  { apply (is_constant corners a b (fun t => D t * exp (2 * lambda * t))
      (fun t => (- 2 * dot d (fun i => v t i + lambda * w t i) (part P (w t))
                 + -1 * (- 2 * dot d (fun i => v t i + lambda * w t i) (part Q (w t)))) * exp (2 * lambda * t)
                + D t * (exp (2 * lambda * t) * (2 * lambda * 1)))); [ exact Hab | | | ].
    - apply (continuous_on_times a b D (fun t => exp (2 * lambda * t))).
      + apply continuous_on_plus; [ | apply continuous_on_scale ]; apply square_is_continuous, Hcont.
      + apply (continuous_on_compose a b (fun t => t) (fun t => exp (2 * lambda * t))).
        * intros t _ eps Heps. exists eps. split; [ exact Heps | ]. intros. assumption.
        * intros t _. apply derivable_continuous_pt. exists (exp (2 * lambda * t) * (2 * lambda * 1)).
          apply (derivable_pt_lim_comp (fun s => 2 * lambda * s) exp); [ | apply derivable_pt_lim_exp ].
          apply (derivable_pt_lim_scal id), derivable_pt_lim_id.
    - intros t Ht Hin. apply (derivable_pt_lim_mult D (fun s => exp (2 * lambda * s))).
      + apply (derivable_pt_lim_plus (fun s => square d P (w s)) (fun s => -1 * square d Q (w s))).
        * apply (derivative_of_a_square d P w t (fun i => v t i + lambda * w t i)), Hder; assumption.
        * apply (derivable_pt_lim_scal (fun s => square d Q (w s))).
          apply (derivative_of_a_square d Q w t (fun i => v t i + lambda * w t i)), Hder; assumption.
      + apply (derivable_pt_lim_comp (fun s => 2 * lambda * s) exp); [ | apply derivable_pt_lim_exp ].
        apply (derivable_pt_lim_scal id), derivable_pt_lim_id.
    - intros t Ht Hin. rewrite !part_of_a_penalised_field.
      rewrite (every_clarke_subgradient_is_balanced d P Q f (w t) HPQ Hf (v t) (Hv t Ht Hin)).
      unfold D. ring. }
  replace (square d P (w b) - square d Q (w b)) with (D b) by (unfold D; ring).
  replace (square d P (w a) - square d Q (w a)) with (D a) by (unfold D; ring).
  apply (Rmult_eq_reg_r (exp (2 * lambda * b))); [ | apply Rgt_not_eq, exp_pos ]. rewrite E.
  replace (exp (2 * lambda * a)) with (exp (- 2 * lambda * (b - a)) * exp (2 * lambda * b));
    [ ring | rewrite <- exp_plus; f_equal; ring ].
Qed.

(* All of the above in one value, so that all axioms are printed once. *)
Definition theorems := (balancing_under_weight_decay).
Print Assumptions theorems.
