/** Forwards calls to the providers' APIs with the token added. */
@NullMarked
package org.evergrant.broker.proxy;

import org.jspecify.annotations.NullMarked;
