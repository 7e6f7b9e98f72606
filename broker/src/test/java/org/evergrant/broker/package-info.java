/** The daemon, over real HTTP and raw sockets. */
@NullMarked
package org.evergrant.broker;

import org.jspecify.annotations.NullMarked;
