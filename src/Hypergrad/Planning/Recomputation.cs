using Hypergrad.Trajectories;

namespace Hypergrad.Planning;

/// <summary>What the checkpointed method does beside one training and one sweep.</summary>
/// <param name="StepsAgain">Training steps done again on the way back.</param>
/// <param name="Saves">Snapshots written.</param>
internal readonly record struct Recomputation(long StepsAgain, long Saves)
{
    /// <summary>Counts by going over the schedule as <see cref="CheckpointedTrajectory"/> does.</summary>
    /// <param name="steps">T.</param>
    /// <param name="snapshots">How many are kept at a time.</param>
    public static Recomputation Of(int steps, int snapshots)
    {
        var taken = new Stack<int>();
        long trained = 0, saves = 0;
        Train(0, steps, isSaved: false);
        for (int end = steps; end > 0; end--)
        {
            int from = taken.Peek();
            if (end - from > 1)
            {
                taken.Pop();
                Train(from, end - 1, isSaved: true);
            }
            if (taken.Peek() == end - 1)
                taken.Pop();
        }
        return new(trained - steps, saves);

        void Train(int from, int to, bool isSaved)
        {
            while (from < to)
            {
                if (!isSaved)
                    saves++;
                isSaved = false;
                taken.Push(from);
                int free = snapshots - taken.Count;
                int next = free > 0 ? from + BinomialSchedule.NextSnapshot(to + 1 - from, free + 1) : to;
                trained += next - from;
                from = next;
            }
        }
    }
}
