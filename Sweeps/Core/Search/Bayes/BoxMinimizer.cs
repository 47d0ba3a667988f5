namespace Sweeps.Core.Search.Bayes;

/// <summary>A function to minimise. Writes its gradient to <paramref name="gradient"/>; returns +∞ where it is undefined.</summary>
internal delegate double DifferentiableFunction(ReadOnlySpan<double> x, Span<double> gradient);

/// <summary>
/// Minimises a smooth function within bounds: L-BFGS (Nocedal and Wright 2006, algorithm 7.4) on the coordinates that are not fixed at a
/// bound, with a backtracking line search along the projected direction (Bertsekas 1982).
/// </summary>
internal sealed class BoxMinimizer(double[] low, double[] high, int iterations, double tolerance)
{
    private const int Memory = 10;
    private const int Halvings = 30;
    private const double Armijo = 1e-4;

    private readonly List<(double[] Step, double[] Change, double Inner)> pairs = new(Memory);

    /// <summary>Moves <paramref name="x"/> to a local minimum and returns the value there.</summary>
    public double Minimize(double[] x, DifferentiableFunction function)
    {
        var n = x.Length;
        var (gradient, next, nextGradient) = (new double[n], new double[n], new double[n]);
        var value = function(x, gradient);
        pairs.Clear();
        for (var iteration = 0; iteration < iterations && double.IsFinite(value); iteration++)
        {
            var free = Free(x, gradient);
            if (Largest(gradient, free) <= tolerance)
                break;
            var direction = Direction(gradient, free);
            var nextValue = Search(x, value, gradient, direction, next, nextGradient, function);
            if (nextValue >= value)
            {
                if (pairs.Count == 0)
                    break;
                pairs.Clear();
                continue;
            }
            Remember(x, next, gradient, nextGradient);
            next.CopyTo(x, 0);
            nextGradient.CopyTo(gradient, 0);
            value = nextValue;
        }
        return value;
    }

    /// <summary>The free coordinates: all except those at a bound towards which the descent direction points.</summary>
    private bool[] Free(double[] x, double[] gradient)
    {
        var free = new bool[x.Length];
        for (var i = 0; i < x.Length; i++)
            free[i] = !(x[i] <= low[i] && gradient[i] > 0) && !(x[i] >= high[i] && gradient[i] < 0) && high[i] > low[i];
        return free;
    }

    private static double Largest(double[] gradient, bool[] free)
    {
        var largest = 0.0;
        for (var i = 0; i < gradient.Length; i++)
            if (free[i])
                largest = Math.Max(largest, Math.Abs(gradient[i]));
        return largest;
    }

    /// <summary>−H·g of the free coordinates by the two-loop recursion; in the first iteration steepest descent of length at most 1.</summary>
    private double[] Direction(double[] gradient, bool[] free)
    {
        var q = new double[gradient.Length];
        for (var i = 0; i < q.Length; i++)
            q[i] = free[i] ? -gradient[i] : 0;
        if (pairs.Count == 0)
        {
            var length = Math.Sqrt(VectorOperations.Dot(q, q));
            Scale(q, Math.Min(1, 1 / length));
            return q;
        }
        var factors = new double[pairs.Count];
        for (var k = pairs.Count - 1; k >= 0; k--)
        {
            factors[k] = VectorOperations.Dot(pairs[k].Step, q) / pairs[k].Inner;
            VectorOperations.AddScaled(-factors[k], pairs[k].Change, q);
        }
        var (_, change, inner) = pairs[^1];
        Scale(q, inner / VectorOperations.Dot(change, change));
        for (var k = 0; k < pairs.Count; k++)
            VectorOperations.AddScaled(factors[k] - VectorOperations.Dot(pairs[k].Change, q) / pairs[k].Inner, pairs[k].Step, q);
        for (var i = 0; i < q.Length; i++)
            if (!free[i])
                q[i] = 0;
        return q;
    }

    private double Search(
        double[] x, double value, double[] gradient, double[] direction, double[] next, double[] nextGradient, DifferentiableFunction function)
    {
        var step = 1.0;
        for (var halving = 0; halving < Halvings; halving++, step /= 2)
        {
            var slope = 0.0;
            for (var i = 0; i < x.Length; i++)
            {
                next[i] = Math.Clamp(x[i] + step * direction[i], low[i], high[i]);
                slope += gradient[i] * (next[i] - x[i]);
            }
            if (slope >= 0)
                return value;
            var nextValue = function(next, nextGradient);
            if (nextValue <= value + Armijo * slope)
                return nextValue;
        }
        return value;
    }

    private void Remember(double[] x, double[] next, double[] gradient, double[] nextGradient)
    {
        var (step, change) = (new double[x.Length], new double[x.Length]);
        for (var i = 0; i < x.Length; i++)
            (step[i], change[i]) = (next[i] - x[i], nextGradient[i] - gradient[i]);
        var inner = VectorOperations.Dot(step, change);
        if (inner <= 1e-12 * VectorOperations.Dot(change, change))
            return;
        if (pairs.Count == Memory)
            pairs.RemoveAt(0);
        pairs.Add((step, change, inner));
    }

    private static void Scale(double[] x, double factor)
    {
        for (var i = 0; i < x.Length; i++)
            x[i] *= factor;
    }
}
