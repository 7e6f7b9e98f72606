@NullMarked
package org.evergrant.simulation.fleet;

import org.jspecify.annotations.NullMarked;
