/* Hypergrad's native library: exactly reversible training and its adjoint, on a CUDA device or on the host.
 *
 * Conventions. Every function returns a hg_status and never throws; hg_last_error() says in words what was wrong. Objects are named by
 * handles, 64-bit numbers of which 0 is none; a handle that was destroyed is recognised and refused. Numbers are little more than
 * fixed-width integers, doubles and pointers to them, so that any language can call. Arrays are row-major. Calls on one context take turns;
 * those on the device are queued on one stream, to which what is done beside it returns, and what was queued is finished by the functions
 * that copy something out (marked "waits"). An optional handle or pointer may be 0 where its description says so.
 */
#ifndef HYPERGRAD_H
#define HYPERGRAD_H

#include "hypergrad/base.h"
#include "hypergrad/context.h"
#include "hypergrad/description.h"
#include "hypergrad/hypergradient.h"
#include "hypergrad/optimizer.h"
#include "hypergrad/program.h"
#include "hypergrad/reversible.h"
#include "hypergrad/session.h"
#include "hypergrad/tensor.h"
#include "hypergrad/trajectory.h"
#include "hypergrad/vectors.h"

#endif
