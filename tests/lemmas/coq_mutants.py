"""Statements of the stored theorems changed in one place: a sign, an index, a degree. Coq has to refuse each.

Each entry is what stands in the script once and what it is replaced with. Every mutant is false (or, where a
hypothesis is dropped, false without it).
"""

MUTANTS: dict[str, list[tuple[str, str]]] = {
    "finite_sums": [
        ("dot d u v * dot d u v <= dot d u u * dot d v v.", "dot d u u * dot d v v <= dot d u v * dot d u v."),
        ("Rabs (dot d u v) <= norm d u * norm d v.", "Rabs (dot d u v) <= norm d u * norm d u."),
    ],
    "clarke_differential": [
        (
            "(forall s, G s -> dot d s v = c) -> forall s, convex_hull d G s -> dot d s v = c.",
            "(forall s, G s -> dot d s v = c) -> forall s, convex_hull d G s -> dot d s v = - c.",
        ),
        (
            "gradient_at d f w g -> derivable_pt_lim (fun t => f (fun i => w i + t * D i)) 0 (dot d g D).",
            "gradient_at d f w g -> derivable_pt_lim (fun t => f (fun i => w i - t * D i)) 0 (dot d g D).",
        ),
        ("sum n lambda = 1 /\\ (forall j, (j < n)%nat -> G (g j))", "(forall j, (j < n)%nat -> G (g j))"),
    ],
    "euler_along_the_ray": [
        (
            "homogeneous L f -> continuous_at d f w -> forall s, clarke d f w s -> dot d s w = L * f w.",
            "homogeneous L f -> continuous_at d f w -> forall s, clarke d f w s -> dot d s w = (L + 1) * f w.",
        ),
        (
            "forall s, clarke d f w s -> dot d s w = INR L * f w.",
            "forall s, clarke d f w s -> dot d s w = - INR L * f w.",
        ),
        ("derivable_pt_lim (fun t => Rpower (1 + t) L) 0 L.", "derivable_pt_lim (fun t => Rpower (1 - t) L) 0 L."),
    ],
    "blocks_of_degree_one": [
        (
            "dot d s (restrict b w) = 1 * f w) /\\ dot d s w = INR L * f w.",
            "dot d s (restrict b w) = INR L * f w) /\\ dot d s w = INR L * f w.",
        ),
        (
            "dot d s (restrict b w) = 1 * f w) /\\ dot d s w = INR L * f w.",
            "dot d s (restrict b w) = 1 * f w) /\\ dot d s w = 1 * f w.",
        ),
    ],
    "activation_matrices": [
        ("= c ^ (length hidden + 1) * net hidden last x i.", "= c ^ length hidden * net hidden last x i."),
        ("  0 <= b -> net hidden last (fun j => b * x j) i", "  net hidden last (fun j => b * x j) i"),
        (
            "(l, a) :: others => times (rows l) (product others last) (times (rows l) (diagonal a) (weight l))",
            "(l, a) :: others => times (rows l) (product others last) (times (rows l) (weight l) (diagonal a))",
        ),
    ],
    "weight_gradient_preservation": [
        (
            "fun p q => product after last o p * a p * linear_features before x q.",
            "fun p q => product after last o p * linear_features before x q.",
        ),
        (
            "fun p q => product after last o p * a p * linear_features before x q.",
            "fun p q => product after last o q * a p * linear_features before x p.",
        ),
        (
            "(product after last o p * a p * features (map fst before) x q).",
            "(product after last o p * a p * features (map fst before) x p).",
        ),
        ("apply l x i <> 0 /\\ is_slope (a i) (apply l x i)) /\\", "is_slope (a i) (apply l x i)) /\\"),
    ],
    "minimal_norm": [
        (
            "in_hull d n g v -> (forall j, (j < n)%nat -> dot d v v <= dot d (g j) v) ->",
            "in_hull d n g v -> (forall j, (j < n)%nat -> 0 <= dot d (g j) v) ->",
        ),
        (
            "(forall j, (j < n)%nat -> dot d s v < dot d (g j) v) -> ~ in_hull d n g s.",
            "(forall j, (j < n)%nat -> dot d s v <= dot d (g j) v) -> ~ in_hull d n g s.",
        ),
        ("  dot d v v <= dot d s v.\nProof.\n  intros Hconvex", "  dot d s s <= dot d s v.\nProof.\n  intros Hconvex"),
    ],
    "norm_product_bound": [
        ("Rabs f / norm d W <= norm d G.", "norm d G <= Rabs f / norm d W."),
        ("norm 1 v < norm 2 w /\\ norm 1 gv < norm 2 gw.", "norm 1 v < norm 2 w /\\ norm 2 gw < norm 1 gv."),
    ],
    "relu_pieces": [
        ("0 < z -> derivable_pt_lim relu z 1.", "0 <= z -> derivable_pt_lim relu z 1."),
        ("= a ^ length factors * monomial factors w.", "= a * monomial factors w."),
        ("0 <= a -> relu (a * z) = a * relu z.", "relu (a * z) = a * relu z."),
    ],
    "chain_rule_gives_minimal_norm": [
        ("  slope = - (norm d w' * norm d w') /\\\n", "  slope = norm d w' * norm d w' /\\\n"),
        ("(forall v, V v -> norm d w' <= norm d v) /\\", "(forall v, V v -> norm d v <= norm d w') /\\"),
        ("risk b - risk a = - RInt speed2 a b.", "risk b - risk a = RInt speed2 a b."),
        ("  m <= (risk0 - riskt) / t.\nProof", "  m <= (riskt - risk0) / t.\nProof"),
    ],
    "piecewise_differentiable": [
        (
            "(forall t, a < t < b -> ~ In t corners -> f' t <= 0) -> f b <= f a.",
            "(forall t, a < t < b -> ~ In t corners -> f' t <= 0) -> f a <= f b.",
        ),
        (
            "a <= b -> continuous_on a b f -> derivative_except corners a b f f' ->\n"
            "  (forall t, a < t < b -> ~ In t corners -> f' t = 0)",
            "a <= b -> derivative_except corners a b f f' ->\n  (forall t, a < t < b -> ~ In t corners -> f' t = 0)",
        ),
    ],
    "soft_margin": [
        (
            "dot d v w = L * (log_margin n m + entropy n (softmin n m)) /\\ L * log_margin n m <= dot d v w.",
            "dot d v w = L * log_margin n m /\\ L * log_margin n m <= dot d v w.",
        ),
        (
            "= L * (log_margin n (m w) + entropy n (softmin n (m w))) /\\ L * log_margin n (m w) <= dot d v w.",
            "= L * (log_margin n (m w) - entropy n (softmin n (m w))) /\\ L * log_margin n (m w) <= dot d v w.",
        ),
        ("(2 <= n)%nat -> (i < n)%nat -> log_margin n m < m i.", "(i < n)%nat -> log_margin n m < m i."),
        (
            "c / Rpower (norm d w) L - ln (INR n) / Rpower (norm d w) L <= soft_margin d n L m w <=",
            "c / Rpower (norm d w) L <= soft_margin d n L m w <=",
        ),
        ("entropy n (softmin n m) <= ln (INR n).", "entropy n (softmin n m) < ln (INR n)."),
        ("  L * log_margin n (m w) < dot d v w <= L", "  dot d v w < L * log_margin n (m w) <= L"),
    ],
    "soft_margin_monotone": [
        (
            "soft_margin d n L (m (w a)) (w a) <= soft_margin d n L (m (w b)) (w b).\nProof. exact",
            "soft_margin d n L (m (w b)) (w b) <= soft_margin d n L (m (w a)) (w a).\nProof. exact",
        ),
        (
            "a <= b -> margin_flow d n a b m w w' c corners -> 0 < log_margin n (m (w a)) ->",
            "a <= b -> margin_flow d n a b m w w' c corners ->",
        ),
        ("(L * Rpower (norm d (w t)) (L - 1) * (dot d (w t) w'", "(L * Rpower (norm d (w t)) L * (dot d (w t) w'"),
    ],
    "nets_and_the_clarke_differential": [
        ("dot d s theta = INR (length hidden + 1) * f theta.", "dot d s theta = INR (length hidden) * f theta."),
        (
            "dot d s (restrict (matrix_of hidden) b theta) = f theta)",
            "dot d s (restrict (matrix_of hidden) b theta) = - f theta)",
        ),
        ("homogeneous_in_block (matrix_of hidden) b 1", "homogeneous_in_block (matrix_of hidden) b 2"),
    ],
    "balancing": [
        (
            "disjoint P Q -> invariant P Q f -> forall v, clarke d f w v -> dot d v (part P w) = dot d v (part Q w).",
            "disjoint P Q -> invariant P Q f -> forall v, clarke d f w v -> dot d v (part P w) = - dot d v (part Q w).",
        ),
        (
            "if P i then a * w i else if Q i then w i / a else w i.",
            "if P i then a * w i else if Q i then w i * a else w i.",
        ),
        (
            "(- 2 * sum n (fun k => dl k (f k (w t)) * f k (w t))).",
            "(2 * sum n (fun k => dl k (f k (w t)) * f k (w t))).",
        ),
        ("eta * eta * (dot m G G - dot n H H).", "eta * eta * (dot n H H - dot m G G)."),
        ("(b <= length hidden)%nat -> (c <= length hidden)%nat -> b <> c -> t0 <= t1 ->", "b <> c -> t0 <= t1 ->"),
    ],
    "balancing_of_a_neuron": [
        ("andb (i <? entries s) (i / snd s =? j)%nat", "andb (i <? entries s) (i mod snd s =? j)%nat"),
        (
            "((i - entries s) mod snd (next_shape others last) =? j)%nat",
            "((i - entries s) / snd (next_shape others last) =? j)%nat",
        ),
    ],
    "gronwall": [
        (
            "(forall t, 0 < t < T -> ~ In t corners -> norm d (w' t) <= K * norm d (w t)) ->\n"
            "  (forall i, (i < d)%nat -> w 0 i = 0) ->",
            "(forall t, 0 < t < T -> ~ In t corners -> norm d (w' t) <= K * norm d (w t)) ->",
        ),
        (
            "2 <= L -> homogeneous L f -> locally_lipschitz_at d f origin -> 0 < M ->",
            "homogeneous L f -> locally_lipschitz_at d f origin -> 0 < M ->",
        ),
        (
            "(0 < n)%nat -> 2 <= L -> (forall i, homogeneous L (fun z => m z i)) ->\n"
            "  (forall i, (i < n)%nat -> locally_lipschitz_at d (fun z => m z i) origin) ->\n"
            "  (forall i, (i < d)%nat ->",
            "(0 < n)%nat -> 1 <= L -> (forall i, homogeneous L (fun z => m z i)) ->\n"
            "  (forall i, (i < n)%nat -> locally_lipschitz_at d (fun z => m z i) origin) ->\n"
            "  (forall i, (i < d)%nat ->",
        ),
    ],
    "homogeneous_degree_below_one": [
        ("0 < L < 1 -> homogeneous L f ->", "0 < L <= 1 -> homogeneous L f ->"),
        ("Theorem value_at_the_origin L f : 0 < L ->", "Theorem value_at_the_origin L f : 0 <= L ->"),
    ],
    "soft_margin_of_nets": [
        ("(0 < n)%nat -> (1 <= length hidden)%nat ->", "(0 < n)%nat ->"),
        ("INR (length hidden + 1).", "INR (length hidden)."),
        (
            "  soft_margin d n (degree hidden) (m (w a)) (w a) <= soft_margin d n (degree hidden) (m (w b)) (w b).",
            "  soft_margin d n (degree hidden) (m (w b)) (w b) <= soft_margin d n (degree hidden) (m (w a)) (w a).",
        ),
    ],
    "convex_subdifferential": [
        (
            "gradient_at d f w g -> subgradient d f w s -> forall i, (i < d)%nat -> s i = g i.",
            "gradient_at d f w g -> subgradient d f w s -> forall i, (i < d)%nat -> s i = - g i.",
        ),
        ("  convex f -> gradient_at d f w g ->", "  gradient_at d f w g ->"),
        (
            "~ exists s, subgradient 1 (fun w => - Rabs (w 0%nat))",
            "~ exists s, subgradient 1 (fun w => Rabs (w 0%nat))",
        ),
    ],
    "roots": [
        (
            "Definition root (w : vector) : R := sqrt (Rabs (w 0%nat)).",
            "Definition root (w : vector) : R := Rabs (w 0%nat).",
        ),
        ("s : ~ clarke 1 root (fun _ => 0) s.", "s : ~ clarke 1 root (fun _ => 1) s."),
        (
            "Theorem root_is_not_locally_lipschitz : ~ locally_lipschitz_at 1 root (fun _ => 0).",
            "Theorem root_is_not_locally_lipschitz : ~ locally_lipschitz_at 1 root (fun _ => 1).",
        ),
        (
            "Theorem square_is_not_lipschitz : ~ lipschitz 1 square.",
            "Theorem square_is_not_lipschitz : lipschitz 1 square.",
        ),
    ],
    "chain_rule_for_selections": [
        (
            "forall v, in_hull d k g v -> derivable_pt_lim (fun s => risk (w s)) t (dot d v w').",
            "forall v, in_hull d k g v -> derivable_pt_lim (fun s => risk (w s)) t (- dot d v w').",
        ),
        (
            "f t = h t -> agree_near f h t -> derivable_pt_lim f t l",
            "f t = h t -> derivable_pt_lim f t l",
        ),
        (
            "derivable_pt_lim (fun s => risk (w s)) t (- (norm d w' * norm d w')) /\\",
            "derivable_pt_lim (fun s => risk (w s)) t (norm d w' * norm d w') /\\",
        ),
    ],
    "finite_time_blow_up": [
        ("exists t, 0 <= t < / a /\\ M < flow a t 0%nat.", "exists t, 0 <= t < / a /\\ flow a t 0%nat < M."),
        ("fun _ => a / (1 - a * t).", "fun _ => a / (1 + a * t)."),
    ],
    "branching_flow": [
        ("(fun _ => e * z) (fun _ => - e).", "(fun _ => e * z) (fun _ => e)."),
        (
            "branch e T 0 0%nat = branch e T' 0 0%nat /\\ branch e T T' 0%nat <> branch e T' T' 0%nat.",
            "branch e T 0 0%nat = branch e T' 0 0%nat /\\ branch e T T 0%nat <> branch e T' T 0%nat.",
        ),
    ],
    "weight_decay": [
        ("= exp (- 2 * lambda * (b - a)) *", "= exp (- lambda * (b - a)) *"),
        ("= exp (- 2 * lambda * (b - a)) *", "= exp (2 * lambda * (b - a)) *"),
    ],
    "strict_differentiability": [
        ("  strict_gradient_at d f w g ->\n  clarke d f w g /\\", "  gradient_at d f w g ->\n  clarke d f w g /\\"),
        (
            "forall s, clarke d f w s -> forall i, (i < d)%nat -> s i = g i.",
            "forall s, clarke d f w s -> forall i, s i = g i.",
        ),
    ],
    "gram_balancing": [
        (
            "times n (lower_gradient q p r X V Y G) (transpose U) i j.",
            "times n (lower_gradient q p r X V Y G) (transpose U) j i.",
        ),
        (
            "times p (transpose (V t)) (V t) i j - times n (U t) (transpose (U t)) i j in",
            "times p (transpose (V t)) (V t) i j + times n (U t) (transpose (U t)) i j in",
        ),
        (
            "= inner q r G (times n (times m (times p X V) D) Y).",
            "= inner q r G (times n (times p (times m X V) D) Y).",
        ),
    ],
}
