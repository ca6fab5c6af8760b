(* Nets over the reals, for claims with exponentials, logarithms and roots: values of the net are computed first, then
   enclosed by Interval. *)
From Coq Require Import Reals Lra List.
From Interval Require Import Tactic.
Import ListNotations.
Open Scope R_scope.

Inductive activation := relu | leaky (slope : R) | absolute | identity | relu_power (n : nat).

Definition apply (A : activation) (z : R) : R :=
  match A with
  | relu => Rmax 0 z
  | leaky s => Rmax 0 z + s * Rmin 0 z
  | absolute => Rmax z (- z)
  | identity => z
  | relu_power n => Rmax 0 z ^ n
  end.

Fixpoint dot (u v : list R) : R :=
  match u, v with
  | [a], [b] => a * b
  | a :: u', b :: v' => a * b + dot u' v'
  | _, _ => 0
  end.

Fixpoint preactivations (W : list (list R)) (b : list R) (h : list R) : list R :=
  match W, b with
  | row :: W', c :: b' => (dot row h + c) :: preactivations W' b' h
  | row :: W', [] => dot row h :: preactivations W' [] h
  | [], _ => []
  end.

Definition layer := (activation * list (list R) * list R)%type.

Fixpoint features (net : list layer) (x : list R) : list R :=
  match net with
  | [] => x
  | (A, W, b) :: rest => features rest (map (apply A) (preactivations W b x))
  end.

Definition value (i : nat) (net : list layer) (W : list (list R)) (b x : list R) : R :=
  nth i (preactivations W b (features net x)) 0.

(* The value of a net at numbers: each maximum is one of its two sides. *)
Ltac net_value :=
  cbv [value features preactivations nth dot map apply Rmax Rmin pow];
  repeat match goal with |- context [Rle_dec ?a ?b] => destruct (Rle_dec a b); try lra end;
  try lra.

(* The least and the largest of numbers. *)
Ltac compare_numbers := repeat first
  [ rewrite Rmin_left by lra | rewrite Rmin_right by lra | rewrite Rmax_left by lra | rewrite Rmax_right by lra ].

Definition said {statement : Prop} (proof : statement) : True := I.
