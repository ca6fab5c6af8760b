(* What is true of "large weights have small gradients".

   Catalogue: A30 corrected (erratum E10): from <W_i, G_i> = f follows |G_i| |W_i| >= |f|, hence |G_i| >= |f| / |W_i|
   where W_i is not 0: a lower bound and nothing more. The claimed order (the larger weight has the smaller gradient)
   is refuted by f = v relu(<w, x>) at w = (1000, -999), x = (1, 1), v = 1. *)

From Coq Require Import Reals Lra Lia Psatz.
From Symflow Require Import finite_sums.
Open Scope R_scope.

Theorem norm_product_bound d W G f : dot d W G = f -> Rabs f <= norm d W * norm d G.
Proof. intros <-. apply cauchy_schwarz_norm. Qed.

Theorem gradient_lower_bound d W G f : dot d W G = f -> 0 < norm d W -> Rabs f / norm d W <= norm d G.
Proof.
  intros H HW. apply (Rmult_le_reg_r (norm d W)); [ exact HW | ].
  unfold Rdiv. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra. rewrite (Rmult_comm (norm d G)).
  apply norm_product_bound, H.
Qed.

(* The two blocks of f = v relu(w_0 x_0 + w_1 x_1) where it is active, with their gradients. *)
Theorem larger_weights_can_have_larger_gradients :
  exists w gw v gv : vector, exists f,
    (gw 0%nat = v 0%nat * 1 /\ gw 1%nat = v 0%nat * 1 /\ gv 0%nat = w 0%nat * 1 + w 1%nat * 1 /\ 0 < gv 0%nat) /\
    dot 2 w gw = f /\ dot 1 v gv = f /\ norm 1 v < norm 2 w /\ norm 1 gv < norm 2 gw.
Proof.
  exists (fun i => match i with O => 1000 | _ => -999 end), (fun _ => 1), (fun _ => 1), (fun _ => 1), 1.
  unfold norm, dot; simpl. repeat split; try lra; apply sqrt_lt_1_alt; lra.
Qed.

(* All of the above in one value, so that all axioms are printed once. *)
Definition theorems := (norm_product_bound, gradient_lower_bound, larger_weights_can_have_larger_gradients).
Print Assumptions theorems.
