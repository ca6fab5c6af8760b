(* A flow of the log-margin that does not last for all times.

   Catalogue: E19 (Theorem 5 is about the maximal interval of existence). One sample, L = 3, m(w) = w_0 w_1 w_2, the
   flow of u = - ln exp(- m) = m from w(0) = (a, a, a), a > 0: every coordinate is a / (1 - a t) until the time 1 / a,
   and exceeds every bound before it. *)

From Coq Require Import Reals Lra Lia Psatz.
From Symflow Require Import finite_sums.
Open Scope R_scope.

Definition margin (w : vector) : R := w 0%nat * w 1%nat * w 2%nat.

(* Its partial derivatives. *)
Definition gradient (w : vector) : vector :=
  fun i => match i with O => w 1%nat * w 2%nat | 1%nat => w 0%nat * w 2%nat | _ => w 0%nat * w 1%nat end.

Definition flow (a : R) (t : R) : vector := fun _ => a / (1 - a * t).

Theorem gradient_of_the_margin w i :
  (i < 3)%nat -> derivable_pt_lim (fun t => margin (fun j => if Nat.eqb j i then w j + t else w j)) 0 (gradient w i).
Proof.
  intros Hi.
  assert (Haffine : forall p q, derivable_pt_lim (fun t => p + q * t) 0 q).
  { intros p q. pose proof (derivable_pt_lim_plus (fun _ => p) (fun t => q * id t) 0 0 (q * 1)
      (derivable_pt_lim_const p 0) (derivable_pt_lim_scal id q 0 1 (derivable_pt_lim_id 0))) as H.
    replace (0 + q * 1) with q in H by ring. exact H. }
  destruct i as [ | [ | [ | i ] ] ]; [ | | | lia ]; unfold margin, gradient; simpl;
    eapply derivative_extensional; try apply (Haffine (w 0%nat * w 1%nat * w 2%nat)); intros; simpl; ring.
Qed.

Theorem the_flow_solves_its_equation a t i :
  0 < a -> t < / a -> derivable_pt_lim (fun s => flow a s i) t (gradient (flow a t) i).
Proof.
  intros Ha Ht.
  assert (Hpos : 0 < 1 - a * t).
  { apply (Rmult_lt_compat_l a) in Ht; [ | exact Ha ]. rewrite Rinv_r in Ht by lra. lra. }
  pose proof (derivable_pt_lim_div (fun _ => a) (fun s => 1 - a * s) t 0 (0 - a * 1) (derivable_pt_lim_const a t)
    (derivable_pt_lim_minus (fun _ => 1) (fun s => a * id s) t 0 (a * 1) (derivable_pt_lim_const 1 t)
      (derivable_pt_lim_scal id a t 1 (derivable_pt_lim_id t))) ltac:(lra)) as H.
  replace (gradient (flow a t) i) with ((0 * (1 - a * t) - (0 - a * 1) * a) / Rsqr (1 - a * t)); [ exact H | ].
  unfold gradient, flow, Rsqr. destruct i as [ | [ | i ] ]; field; lra.
Qed.

Theorem the_flow_leaves_every_bounded_set a M :
  0 < a -> flow a 0 0%nat = a /\ exists t, 0 <= t < / a /\ M < flow a t 0%nat.
Proof.
  intros Ha. unfold flow. split; [ field; lra | ].
  set (N := Rabs M + a + 1). pose proof (Rle_abs M). pose proof (Rabs_pos M).
  assert (HN : a < N /\ M < N) by (unfold N; lra).
  exists (/ a - / N). assert (Hi : / N < / a) by (apply Rinv_lt_contravar; [ nra | lra ]).
  assert (0 < / N) by (apply Rinv_0_lt_compat; lra). split; [ lra | ].
  replace (a / (1 - a * (/ a - / N))) with N by (field; lra). lra.
Qed.

(* All of the above in one value, so that all axioms are printed once. *)
Definition theorems := (gradient_of_the_margin, the_flow_solves_its_equation, the_flow_leaves_every_bounded_set).
Print Assumptions theorems.
