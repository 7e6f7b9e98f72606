/** Whole nodes on virtual time, through months of faults drawn from a seed. */
@NullMarked
package org.evergrant.simulation.fleet;

import org.jspecify.annotations.NullMarked;
