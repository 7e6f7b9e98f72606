/** Proves the arrows between the modules and the rules of names. */
@NullMarked
package org.evergrant.tidy;

import org.jspecify.annotations.NullMarked;
