using Hypergrad.Interop;

namespace Hypergrad.Backends.Native;

/// <summary>The exact state of a session in the native library.</summary>
internal sealed unsafe class NativeReversibleState(NativeSession session, NativeObject owned) : IReversibleState
{
    public long SpilledBytes
    {
        get
        {
            long bytes;
            session.Check(NativeMethods.hg_reversible_spilled_bytes(session.Handle, owned.Value, &bytes), this);
            return bytes;
        }
    }

    public long ResidentBytes
    {
        get
        {
            long bytes;
            session.Check(NativeMethods.hg_reversible_resident_bytes(session.Handle, owned.Value, &bytes), this);
            return bytes;
        }
    }

    private int Count => session.Run.Network.ParameterCount;

    public void Start() => session.ForEachStart((replica, first, piece) =>
    {
        fixed (double* initial = piece)
            session.Check(NativeMethods.hg_reversible_start(session.Handle, owned.Value, replica, first, piece.Length, initial), this);
    });

    public void Advance(Step step) => session.Check(NativeMethods.hg_reversible_advance(session.Handle, owned.Value, step.Number), this);

    public void BeginRetreat() => session.Check(NativeMethods.hg_reversible_begin_retreat(session.Handle, owned.Value), this);

    public void RetreatWeights(Step step) =>
        session.Check(NativeMethods.hg_reversible_retreat_weights(session.Handle, owned.Value, step.Number), this);

    public void RetreatSlots(Step step) =>
        session.Check(NativeMethods.hg_reversible_retreat_slots(session.Handle, owned.Value, step.Number), this);

    public ulong[] Hash()
    {
        var hashes = new ulong[session.Run.Replicas];
        fixed (ulong* at = hashes)
            session.Check(NativeMethods.hg_reversible_hash(session.Handle, owned.Value, at), this);
        return hashes;
    }

    public ILandmarks NewLandmarks(int count)
    {
        session.Check(NativeMethods.hg_reversible_reserve_landmarks(session.Handle, owned.Value, count), this);
        return new NativeLandmarks(session, owned, tellsAtOnce: !session.IsOnDevice);
    }

    public bool EqualsStart()
    {
        bool all = true;
        session.ForEachStart((replica, first, piece) =>
        {
            int equal;
            fixed (double* initial = piece)
                session.Check(
                    NativeMethods.hg_reversible_equals_start(session.Handle, owned.Value, replica, first, piece.Length, initial, &equal),
                    this);
            all &= equal != 0;
        });
        return all;
    }

    public void CopyNumbers(int slot, int replica, Span<long> destination)
    {
        fixed (long* at = destination[..Count])
            session.Check(NativeMethods.hg_reversible_read_numbers(session.Handle, owned.Value, slot, replica, 0, Count, at), this);
    }

    public void CopyLowerWords(int slot, int replica, Span<ulong> destination)
    {
        fixed (ulong* at = destination[..Count])
            session.Check(NativeMethods.hg_reversible_read_lower_words(session.Handle, owned.Value, slot, replica, 0, Count, at), this);
    }

    public void CopyStores(int decay, int replica, Span<uint> destination)
    {
        fixed (uint* at = destination[..Count])
            session.Check(NativeMethods.hg_reversible_read_stores(session.Handle, owned.Value, decay, replica, 0, Count, at), this);
    }

    public byte[] CopyPlanes(int decay, int replica, int group)
    {
        long count;
        session.Check(NativeMethods.hg_reversible_plane_bytes(session.Handle, owned.Value, decay, group, &count), this);
        var planes = new byte[count];
        fixed (byte* at = planes)
            if (count > 0)
                session.Check(
                    NativeMethods.hg_reversible_read_planes(session.Handle, owned.Value, decay, replica, group, 0, count, at), this);
        return planes;
    }

    public void Dispose() => owned.Dispose();
}
