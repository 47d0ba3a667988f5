using Engine.Data;

namespace Engine.Training;

/// <summary>
/// The area under the receiver operating characteristic: the probability that a positive example scores higher than a negative one, where
/// equal scores count half (Mann, Whitney 1947). For two classes it is that of the second; for more classes and for labels the mean of
/// one-versus-rest, without those that have only positive or only negative examples.
/// </summary>
internal static class AreaUnderCurve
{
    public static double Of(Evaluation e)
    {
        var width = e.Output.Count;
        var probabilities = e.Probabilities();
        var labels = e.Output.Task == LearningTask.MultiLabel;
        var areas = new List<double>();
        for (var c = !labels && width == 2 ? 1 : 0; c < width; c++)
        {
            var scores = new double[e.Count];
            var positive = new bool[e.Count];
            for (var i = 0; i < e.Count; i++)
            {
                // The difference of two logits keeps an order that is lost when probabilities round to 0 or 1.
                scores[i] = labels ? e.Outputs[i * width + c]
                    : width == 2 ? (double)e.Outputs[i * 2 + 1] - e.Outputs[i * 2]
                    : probabilities[i * width + c];
                positive[i] = labels ? e.Target(i, c) > 0.5f : e.Labels[i] == c;
            }
            var area = Of(scores, positive);
            if (!double.IsNaN(area))
                areas.Add(area);
        }
        return areas.Count > 0 ? areas.Average() : double.NaN;
    }

    /// <summary>The area for one class. Sorts both arrays. NaN without a positive or a negative example, or if a score is NaN.</summary>
    internal static double Of(double[] scores, bool[] positive)
    {
        if (Array.Exists(scores, double.IsNaN))
            return double.NaN;
        Array.Sort(scores, positive);
        double ranks = 0, positives = 0;
        for (var start = 0; start < scores.Length;)
        {
            var end = start;
            var among = 0;
            for (; end < scores.Length && scores[end] == scores[start]; end++)
                among += positive[end] ? 1 : 0;
            // Ranks start at 1; equal scores have the mean of their ranks.
            ranks += among * ((start + 1 + end) / 2.0);
            positives += among;
            start = end;
        }
        var negatives = scores.Length - positives;
        return positives > 0 && negatives > 0 ? (ranks - positives * (positives + 1) / 2) / (positives * negatives) : double.NaN;
    }
}
