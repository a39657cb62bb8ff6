using System.Runtime.CompilerServices;

// Every signature is of plain numbers and pointers: nothing is to be converted on the way.
[assembly: DisableRuntimeMarshalling]
