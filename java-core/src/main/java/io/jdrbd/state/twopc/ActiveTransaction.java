package io.jdrbd.state.twopc;

import io.jdrbd.state.Verdict;
import java.util.Optional;

/**
 * A transaction in which a node takes part.
 *
 * @param proposal what it is about
 * @param parents nodes that sent the prepare
 * @param children nodes that got the prepare from here
 * @param agreed children that said yes
 * @param childAnswer the worst that a child said
 * @param own what the own rules say
 * @param handshake how far a connect of this node has come; ready for all else
 * @param masks what is known so far
 * @param answered what was answered, once it was
 */
record ActiveTransaction(
    Proposal proposal,
    long parents,
    long children,
    long agreed,
    Answer childAnswer,
    Verdict own,
    Handshake handshake,
    Masks masks,
    Optional<Answer> answered) {

  ActiveTransaction withParent(int node) {
    return new ActiveTransaction(
        proposal,
        parents | Nodes.of(node),
        children,
        agreed,
        childAnswer,
        own,
        handshake,
        masks,
        answered);
  }

  ActiveTransaction withoutParent(int node) {
    return new ActiveTransaction(
        proposal,
        parents & ~Nodes.of(node),
        children,
        agreed,
        childAnswer,
        own,
        handshake,
        masks,
        answered);
  }

  ActiveTransaction withReply(int node, Answer answer, Masks theirs) {
    return new ActiveTransaction(
        proposal,
        parents,
        children,
        answer == Answer.YES ? agreed | Nodes.of(node) : agreed,
        answer.compareTo(childAnswer) > 0 ? answer : childAnswer,
        own,
        handshake,
        answer == Answer.YES ? masks.and(theirs) : masks,
        answered);
  }

  ActiveTransaction with(Handshake came) {
    return new ActiveTransaction(
        proposal, parents, children, agreed, childAnswer, own, came, masks, answered);
  }

  ActiveTransaction with(Answer given) {
    return new ActiveTransaction(
        proposal,
        parents,
        children,
        agreed,
        childAnswer,
        own,
        handshake,
        masks,
        Optional.of(given));
  }

  /** What can be answered by now; nothing while somebody's word is missing (spec 4.12, step 9). */
  Optional<Answer> answer() {
    boolean refused = !own.ok() || childAnswer != Answer.YES;
    boolean complete = refused || (agreed & children) == children;
    if (!complete || (handshake == Handshake.PENDING && own.ok())) {
      return Optional.empty();
    }
    if (childAnswer == Answer.RETRY || handshake == Handshake.RETRY) {
      return Optional.of(Answer.RETRY);
    }
    return Optional.of(refused || handshake == Handshake.DISCONNECT ? Answer.NO : Answer.YES);
  }
}
