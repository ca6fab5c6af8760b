import Mathlib

inductive Activation
  | relu | leaky (slope : ℚ) | absolute | identity | relu_power (n : ℕ)
open Activation

def apply : Activation → ℚ → ℚ
  | relu, z => max 0 z
  | leaky s, z => max 0 z + s * min 0 z
  | absolute, z => max z (-z)
  | identity, z => z
  | relu_power n, z => (max 0 z) ^ n

def dot : List ℚ → List ℚ → ℚ
  | a :: u, b :: v => a * b + dot u v
  | _, _ => 0

def preactivations : List (List ℚ) → List ℚ → List ℚ → List ℚ
  | row :: W, c :: b, h => (dot row h + c) :: preactivations W b h
  | row :: W, [], h => dot row h :: preactivations W [] h
  | [], _, _ => []

def nth (i : ℕ) (l : List ℚ) (d : ℚ) : ℚ := l.getD i d

abbrev Layer := Activation × List (List ℚ) × List ℚ

def features : List Layer → List ℚ → List ℚ
  | [], x => x
  | (A, W, b) :: rest, x => features rest ((preactivations W b x).map (apply A))

def value (i : ℕ) (net : List Layer) (W : List (List ℚ)) (b x : List ℚ) : ℚ :=
  (preactivations W b (features net x)).getD i 0

def times (a z : List ℚ) : List ℚ := List.zipWith (· * ·) a z

def featuresOn : List Layer → List (List ℚ) → List ℚ → List ℚ
  | (_, W, b) :: rest, a :: s, x => featuresOn rest s (times a (preactivations W b x))
  | _, _, x => x

def valueOn (i : ℕ) (net : List Layer) (slopes : List (List ℚ)) (W : List (List ℚ)) (b x : List ℚ) : ℚ :=
  (preactivations W b (featuresOn net slopes x)).getD i 0

def slopeOf : Activation → ℚ → ℚ → Prop
  | relu, z, a => (0 ≤ z ∧ a = 1) ∨ (z ≤ 0 ∧ a = 0)
  | leaky s, z, a => (0 ≤ z ∧ a = 1) ∨ (z ≤ 0 ∧ a = s)
  | absolute, z, a => (0 ≤ z ∧ a = 1) ∨ (z ≤ 0 ∧ a = -1)
  | identity, _, a => a = 1
  | relu_power _, _, _ => False

def onCell : List Layer → List (List ℚ) → List ℚ → Prop
  | (A, W, b) :: rest, a :: s, x =>
      List.Forall₂ (slopeOf A) (preactivations W b x) a ∧ onCell rest s ((preactivations W b x).map (apply A))
  | [], [], _ => True
  | _, _, _ => False

inductive Sign
  | minus | nought | plus | any
open Sign

def hasSign : Sign → ℚ → Prop
  | minus, z => z < 0
  | nought, z => z = 0
  | plus, z => 0 < z
  | Sign.any, _ => True

def inCell : List Layer → List (List Sign) → List ℚ → Prop
  | (A, W, b) :: rest, s :: s', x =>
      List.Forall₂ hasSign s (preactivations W b x) ∧ inCell rest s' ((preactivations W b x).map (apply A))
  | [], [], _ => True
  | _, _, _ => False

def slope : Activation → Sign → ℚ
  | identity, _ => 1
  | _, plus => 1
  | leaky a, minus => a
  | absolute, minus => -1
  | _, _ => 0

def slopesBy : List Layer → List (List Sign) → List (List ℚ)
  | (A, _, _) :: rest, s :: s' => s.map (slope A) :: slopesBy rest s'
  | _, _ => []

def hasSlope (f : ℚ → ℚ) (v d : ℚ) : Prop := ∀ t, f (v + t) = f v + t * d
def hasDerivative (f : ℚ → ℚ) (v d : ℚ) (r : ℚ → ℚ) : Prop := ∀ t, f (v + t) = f v + t * d + t * t * r t

def combination (n : ℕ) (l : List ℚ) (vs : List (List ℚ)) : List ℚ :=
  (List.zipWith (fun a v => v.map (a * ·)) l vs).foldr (List.zipWith (· + ·)) (List.replicate n 0)

def inHull (n : ℕ) (vs : List (List ℚ)) (s : List ℚ) : Prop :=
  ∃ l : List ℚ, l.length = vs.length ∧ (∀ a ∈ l, 0 ≤ a) ∧ l.sum = 1 ∧ s = combination n l vs
