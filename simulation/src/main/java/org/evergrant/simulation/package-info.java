/** Whole nodes on virtual time, driven through months of faults drawn from a seed. */
@NullMarked
package org.evergrant.simulation;

import org.jspecify.annotations.NullMarked;
