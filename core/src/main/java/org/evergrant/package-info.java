/**
 * A live token for every thread, process and machine that shares one app.
 *
 * <p>Start with {@link org.evergrant.Node} and {@link org.evergrant.TokenSource}.
 */
@NullMarked
package org.evergrant;

import org.jspecify.annotations.NullMarked;
