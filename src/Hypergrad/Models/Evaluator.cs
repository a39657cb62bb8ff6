using Hypergrad.Data;
using Hypergrad.Networks;
using Hypergrad.Wording;

namespace Hypergrad.Models;

/// <summary>Compares a model's predictions with targets.</summary>
internal static class Evaluator
{
    /// <inheritdoc cref="TrainedModel.Evaluate"/>
    public static ModelEvaluation Evaluate(TrainedModel model, Dataset data, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (!model.IsClassifier)
            return OfRegression(model, data, cancellation);
        double[] targets = ClassTargets(model, data);
        return OfClasses(model, model.Predict(data.Inputs, cancellation), targets, data.Count);
    }

    private static ModelEvaluation OfClasses(TrainedModel model, Predictions predictions, double[] targets, int count)
    {
        int outputs = predictions.Outputs;
        var classes = new ConfusionMatrix(outputs, model.ClassNames);
        double loss = 0;
        for (int row = 0; row < count * predictions.Positions; row++)
        {
            int example = row / predictions.Positions, position = row % predictions.Positions;
            var wanted = targets.AsSpan(row * outputs, outputs);
            var predicted = predictions.Of(example, position);
            for (int c = 0; c < outputs; c++)
                loss += model.Network.Loss == Loss.Squared
                    ? (predicted[c] - wanted[c]) * (predicted[c] - wanted[c]) / 2
                    : wanted[c] == 0 ? 0 : -wanted[c] * Math.Log(Math.Max(predicted[c], double.Epsilon));
            classes.Add(IndexOfLargest(wanted), predictions.ClassOf(example, position));
        }
        return new() { Count = count, Loss = loss / ((double)count * predictions.Positions), Classes = classes };
    }

    private static ModelEvaluation OfRegression(TrainedModel model, Dataset data, CancellationToken cancellation)
    {
        if (data.ClassNames is not null)
            throw new DataException($"The targets are the classes {Quoted.List([.. data.ClassNames])}, and the model predicts numbers; "
                + "read them as those of a regression (--task regression).");
        int columns = model.Network.OutputShape.Count;
        if (data.TargetSize != columns)
            throw new DataException(
                $"There are {data.TargetSize} targets, and the model predicts {columns} numbers; name its target columns.");
        var predictions = model.Predict(data.Inputs, cancellation);
        var errors = new double[columns];
        var spreads = new double[columns];
        var means = new double[columns];
        for (int row = 0; row < data.Count; row++)
            for (int column = 0; column < columns; column++)
                means[column] += data.Targets[row, column] / data.Count;
        for (int row = 0; row < data.Count; row++)
            for (int column = 0; column < columns; column++)
            {
                double target = data.Targets[row, column];
                double error = predictions.Of(row, column / predictions.Outputs)[column % predictions.Outputs] - target;
                errors[column] += error * error / data.Count;
                spreads[column] += (target - means[column]) * (target - means[column]) / data.Count;
            }
        double Scaled(double[] sums) => sums.Select((sum, column) =>
            sum * Math.Pow(model.TargetNormalization?.Scale[column] ?? 1, 2)).Sum();
        double spread = Scaled(spreads);
        return new()
        {
            Count = data.Count,
            Loss = errors.Sum() / 2,
            Rmse = [.. errors.Select(Math.Sqrt)],
            RSquared = spread > 0 ? 1 - Scaled(errors) / spread : double.NaN,
        };
    }

    // [count × positions × classes]: the file's classes put in the places that the model has for them.
    private static double[] ClassTargets(TrainedModel model, Dataset data)
    {
        int classes = model.Network.OutputSize, positions = model.Network.OutputShape.Positions;
        if (data.HasClassTargets)
            return OneHot(data, classes, positions);
        if (data.ClassNames is not { } names)
            throw new DataException("The targets are numbers, and the model predicts classes; "
                + "read them as those of a classification (--task classification).");
        int[] places = [.. names.Select((name, number) => model.ClassNames is null ? number : PlaceOf(name, model.ClassNames))];
        if (positions != 1 || places.Any(place => place >= classes))
            throw new DataException($"There are {names.Count} classes, and the model predicts {classes}.");
        var targets = new double[(long)data.Count * classes];
        for (int row = 0; row < data.Count; row++)
            for (int column = 0; column < data.TargetSize; column++)
                if (data.Targets[row, column] is var share && share != 0)
                    targets[row * classes + (places[column] >= 0 ? places[column] : throw Unknown(names[column], model))] = share;
        return targets;
    }

    private static double[] OneHot(Dataset data, int classes, int positions)
    {
        if (data.TargetSize != positions)
            throw new DataException($"There are {data.TargetSize} class numbers an example, and the model predicts {positions}.");
        var targets = new double[(long)data.Count * positions * classes];
        for (int row = 0; row < data.Count * positions; row++)
        {
            double number = data.Targets[row / positions, row % positions];
            if (!(number >= 0 && number < classes))
                throw new DataException($"Example {row / positions} has the class number {number}; the model has {classes} classes.");
            targets[row * classes + (int)number] = 1;
        }
        return targets;
    }

    private static int PlaceOf(string name, IReadOnlyList<string> names)
    {
        for (int place = 0; place < names.Count; place++)
            if (names[place] == name)
                return place;
        return -1;
    }

    private static DataException Unknown(string name, TrainedModel model) => new($"There are examples of the class {Quoted.Of(name)}, "
        + $"which the model does not know; it knows {Quoted.List([.. model.ClassNames!])}.");

    private static int IndexOfLargest(ReadOnlySpan<double> values)
    {
        int largest = 0;
        for (int i = 1; i < values.Length; i++)
            if (values[i] > values[largest])
                largest = i;
        return largest;
    }
}
