using System.Globalization;
using Hypergrad.Benchmarks;
using Hypergrad.TorchPeer;
using TorchSharp;

// FOLDER OUT THREADS unrolled|checkpointed|double: a case of bench/peers/case.py by LibTorch.
torch.set_num_threads(int.Parse(args[2], CultureInfo.InvariantCulture));
var given = new Case(args[0], args[3] == "double" ? torch.ScalarType.Float64 : torch.ScalarType.Float32);
int chunk = args[3] == "checkpointed" ? Math.Max(1, (int)Math.Sqrt(given.Steps)) : given.Steps;
PeerAnswer.Give($"LibTorch {torch.__version__}", args[1], given.Rounds, new Unrolled(given, chunk).Compute);
