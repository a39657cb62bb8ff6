using System.Globalization;
using Hypergrad.Benchmarks;
using Hypergrad.TorchPeer;
using TorchSharp;

// FOLDER OUT THREADS: a case of bench/peers/case.py by LibTorch.
torch.set_num_threads(int.Parse(args[2], CultureInfo.InvariantCulture));
var given = new Case(args[0]);
PeerAnswer.Give($"LibTorch {torch.__version__}, unrolled", args[1], given.Rounds, new Unrolled(given).Compute);
