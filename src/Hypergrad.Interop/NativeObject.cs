using System.Runtime.InteropServices;

namespace Hypergrad.Interop;

/// <summary>An object of the native library. It keeps its owner alive, is destroyed before it, and is destroyed once.</summary>
internal sealed class NativeObject : SafeHandle
{
    private readonly NativeObject? owner;
    private readonly ulong value;

    /// <summary>Takes over an object that was just made.</summary>
    /// <param name="value">Its handle, not 0.</param>
    /// <param name="owner">What it was made from: the context of a session, the session of a vector; null for none.</param>
    public NativeObject(ulong value, NativeObject? owner = null) : base(0, ownsHandle: true)
    {
        if (owner is not null)
        {
            bool added = false;
            owner.DangerousAddRef(ref added);
        }
        this.owner = owner;
        this.value = value;
        SetHandle(1);
    }

    /// <inheritdoc/>
    public override bool IsInvalid => value == 0;

    /// <summary>The handle.</summary>
    /// <exception cref="ObjectDisposedException">The object was destroyed.</exception>
    public ulong Value
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            return value;
        }
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        bool destroyed = NativeMethods.hg_destroy(value) == hg_status.HG_OK;
        owner?.DangerousRelease();
        return destroyed;
    }
}
