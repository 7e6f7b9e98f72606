/** Threads of one node raced against each other, in the package of what they race. */
@NullMarked
package org.evergrant;

import org.jspecify.annotations.NullMarked;
