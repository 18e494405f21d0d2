% Higham & Higham's classifier trained in Octave as ann_dashboard trains it: 2-2-3-2, sigmoid everywhere, one random point an update.
% octave --quiet tests/benchmarks/higham.m 1000000 prints the seconds of the training and its last cost. The draws are Octave's own.
% Source: Higham & Higham 2019, netbp.m, with its cost divided by 2 N.
1;

function out = sigmoid (total)
  out = 1 ./ (1 + exp (-total));
end

function value = cost (W2, W3, W4, b2, b3, b4, x, y)
  value = 0;
  for point = 1:columns (x)
    a2 = sigmoid (W2 * x(:, point) + b2);
    a3 = sigmoid (W3 * a2 + b3);
    a4 = sigmoid (W4 * a3 + b4);
    value += 0.5 * sum ((a4 - y(:, point)) .^ 2);
  end
  value /= columns (x);
end

updates = str2double (argv (){1});
between = 100;
eta = 0.05;
x = [0.1 0.3 0.1 0.6 0.4 0.6 0.5 0.9 0.4 0.7; 0.1 0.4 0.5 0.9 0.2 0.3 0.6 0.2 0.4 0.6];
y = [ones(1, 5) zeros(1, 5); zeros(1, 5) ones(1, 5)];
randn ("twister", 3);
rand ("twister", 3);
W2 = 0.5 * randn (2, 2);  W3 = 0.5 * randn (3, 2);  W4 = 0.5 * randn (2, 3);
b2 = 0.5 * randn (2, 1);  b3 = 0.5 * randn (3, 1);  b4 = 0.5 * randn (2, 1);
costs = zeros (1, updates / between + 1);

tic;
for update = 0:updates - 1
  if mod (update, between) == 0
    costs(update / between + 1) = cost (W2, W3, W4, b2, b3, b4, x, y);
  end
  point = floor (10 * rand ()) + 1;
  a1 = x(:, point);
  a2 = sigmoid (W2 * a1 + b2);
  a3 = sigmoid (W3 * a2 + b3);
  a4 = sigmoid (W4 * a3 + b4);
  delta4 = a4 .* (1 - a4) .* (a4 - y(:, point));
  delta3 = a3 .* (1 - a3) .* (W4' * delta4);
  delta2 = a2 .* (1 - a2) .* (W3' * delta3);
  W2 -= eta * delta2 * a1';  W3 -= eta * delta3 * a2';  W4 -= eta * delta4 * a3';
  b2 -= eta * delta2;  b3 -= eta * delta3;  b4 -= eta * delta4;
end
costs(end) = cost (W2, W3, W4, b2, b3, b4, x, y);
printf ("%.3f\n%.9f\n", toc, costs(end));
