/** Trials with real processes. */
@NullMarked
package org.evergrant.trials;

import org.jspecify.annotations.NullMarked;
