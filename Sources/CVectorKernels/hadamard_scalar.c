// The rotation in portable C.
#include "hadamard.h"

#pragma STDC FP_CONTRACT OFF

static void hadamard(float *x, size_t n) { kg_hadamard_simple(x, n); }

static void flip_signs(float *x, const uint32_t *bits, size_t n) { kg_flip_signs_simple(x, bits, n); }

const kg_rotation kg_scalar_rotation = {hadamard, flip_signs};
